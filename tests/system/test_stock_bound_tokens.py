"""Clients that know nothing of Assay bind tokens to their keys, and thieves cannot use them."""

import hashlib
import ssl

import pytest

from harness import clients, http
from harness.https import Authority
from harness.installation import TOKEN_PATH
from harness.keys import base64url, key_of
from harness.patience import eventually
from harness.server import CHECK

LIBRARIES = ["oauth4webapi", "openid_client"]
OWN = ["--grant", "client_credentials", "--default-scope", "invoices.read"]
INVOICES = "/invoices"
API = f"https://api.example{INVOICES}?page=2"


def reasons(server, answers, path):
    """Each answer at the path, in order: its status, and why it was none, from the audit log."""
    lines = [(answer["status"], eventually(lambda: server.find_audit_line(answer["id"])))
             for answer in answers if answer["path"] == path]
    return [(status, line.get("reason")) for status, line in lines]


# DPoP: the libraries speak to an API, and a gateway that asks us about what they sent is played.

@pytest.fixture(scope="module", params=["opaque", "jwt"])
def dpop_server(request, servers):
    return servers.start({"proxies": {"addresses": ["127.0.0.0/8"]},
                          "dpop": {"require_nonce": True},
                          "token_services": [{"access_token": {"format": request.param}}]})


@pytest.fixture(scope="module", params=LIBRARIES)
def proved(request, dpop_server):
    """What came of a token that a library bound to its key."""
    client = dpop_server.register(request.param, key_of("P-256", "workload"), *OWN,
                                  "--dpop-bound", algorithm="ES256")
    return clients.run_node(f"{request.param}_dpop.mjs",
                            clients.order_of(dpop_server, client, api=API))


def test_a_client_gets_a_bound_token_with_the_servers_nonce(dpop_server, proved):
    assert proved["token"]["token_type"] == "dpop"
    assert reasons(dpop_server, proved["answers"], TOKEN_PATH)[:2] == [
        (400, "dpop_nonce_missing"), (200, None)]


def test_a_client_uses_its_token_with_the_nonce_of_the_api(dpop_server, proved):
    assert reasons(dpop_server, proved["answers"], INVOICES)[:2] == [
        (401, "dpop_nonce_missing"), (200, None)]


def test_a_thief_can_use_the_token_neither_without_a_proof_nor_with_his_own(dpop_server, proved):
    assert reasons(dpop_server, proved["answers"], INVOICES)[2:] == [
        (401, "token_scheme_mismatch"), (401, "dpop_nonce_missing"), (401, "dpop_key_mismatch")]
    assert proved["refusals"] == ["OAUTH_WWW_AUTHENTICATE_CHALLENGE"] * 2


# Client certificates, over Node's TLS.

@pytest.fixture(scope="module")
def tls_server(servers, tmp_path_factory):
    authority, folder = Authority("the tests' CA"), tmp_path_factory.mktemp("tls")
    certificate, key = authority.identity(folder)
    (folder / "ca.pem").write_text(authority.pem)
    (folder / "clients.pem").write_text(key_of("P-256", "the clients' CA").authority())
    server = servers.make({
        "issuer": "https://127.0.0.1:${port}",
        "listen": {"tls": {"certificate": str(certificate), "key": str(key),
                           "ask_client_certificate": True,
                           "client_ca": str(folder / "clients.pem")}}})
    server.tls = authority.trusted()
    server.folder = folder
    return server.start()


@pytest.fixture(scope="module")
def tls_inspector(tls_server):
    return tls_server.register_with_secret("inspector", "--may-introspect")


def files(server, name, certificate, key):
    """Of a client's certificate, and what it knows the server by."""
    paths = {"ca": server.folder / "ca.pem", "certificate": server.folder / f"{name}.pem",
             "key": server.folder / f"{name}.key"}
    paths["certificate"].write_text(certificate)
    paths["key"].write_text(key.private_pem())
    return {use: str(path) for use, path in paths.items()}


def is_known(server, client_id):
    """Whether the running server has read its record."""
    refused = server.client_credentials(http.basic(client_id, "no secret"))
    return server.reason(refused) != "client_unknown"


KEY, OTHER = key_of("P-256", "connection"), key_of("P-256", "thief")

# How the client is registered, its certificate, and those of others with why they are refused.
METHODS = {
    "tls_client_auth": (
        ["--tls-san-dns", "workload.example"],
        key_of("P-256", "the clients' CA").issue(KEY, "workload.example"),
        {"client_certificate_unregistered":
         key_of("P-256", "the clients' CA").issue(OTHER, "other.example"),
         "client_certificate_untrusted":
         key_of("P-256", "another CA").issue(OTHER, "workload.example")}),
    "self_signed_tls_client_auth": (
        ["--jwk"], KEY.certificate(), {"client_certificate_unregistered": OTHER.certificate()}),
}


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("method", METHODS)
def test_a_certificate_proves_a_client_and_binds_its_token(tls_server, tls_inspector, library,
                                                           method):
    options, certificate, others = METHODS[method]
    name = f"{method}-{library}"
    if options == ["--jwk"]:
        options = ["--jwk", tls_server.installation.file(f"{name}.jwk", KEY.jwk())]
    tls_server.installation.register(name, *OWN, "--auth", method, "--tls-bound", *options)
    eventually(lambda: is_known(tls_server, name))

    own = files(tls_server, name, certificate, KEY)
    result = clients.run_node(f"{library}_certificate.mjs", {
        "issuer": tls_server.url, "client_id": name, "api": tls_server.url + CHECK,
        "key": own["key"], "algorithm": "ES256", "files": own,
        "others": [files(tls_server, f"{reason}-{name}", other, OTHER)
                   for reason, other in others.items()]})

    token = result["token"]["access_token"]
    assert result["token"]["token_type"] == "bearer"
    der = ssl.PEM_cert_to_DER_cert(certificate)
    assert tls_server.introspect(token, tls_inspector).json["cnf"] == {
        "x5t#S256": base64url(hashlib.sha256(der).digest())}
    assert reasons(tls_server, result["answers"], TOKEN_PATH) == [
        (200, None), *((401, reason) for reason in others)]
    assert reasons(tls_server, result["answers"], CHECK) == [
        (200, None), *[(401, "token_certificate_mismatch")] * len(others)]
    assert len(result["refusals"]) == 2 * len(others)
    assert "accepted" not in result["refusals"]
