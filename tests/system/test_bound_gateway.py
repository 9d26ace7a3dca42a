"""nginx ends TLS for Assay and for an API, by examples/nginx/bound-tokens.conf: bound tokens pass."""

import base64
import hashlib
import ssl
import urllib.parse

import pytest

from harness import dpop, http
from harness.gateways import Gateway, nginx_with_tls
from harness.https import Authority
from harness.installation import TOKEN_PATH
from harness.keys import base64url, key_of
from harness.patience import answer_of
from harness.server import JWT_BEARER

ISSUER = "https://tokens.example.com"
CLIENTS_CA = key_of("P-256", "the clients' CA")
INVOICE = "/invoices/7"


@pytest.fixture(scope="module")
def authority():
    return Authority("the tests' CA")


@pytest.fixture(scope="module")
def server(servers, tmp_path_factory):
    ca = tmp_path_factory.mktemp("ca") / "clients.pem"
    ca.write_text(CLIENTS_CA.authority())
    audience = [ISSUER + TOKEN_PATH]
    return servers.start({
        "issuer": ISSUER, "dpop": {"require_nonce": True},
        "proxies": {"addresses": ["127.0.0.1/32"], "client_ca": str(ca)},
        "token_services": [{"audience": audience}]})


@pytest.fixture(scope="module")
def billing(server):
    return server.register("billing", key_of("P-256", "billing"), "--default-scope",
                           "invoices.read", algorithm="ES256")


@pytest.fixture(scope="module")
def gateway(server, running_api, authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    kind = nginx_with_tls(*authority.identity(folder))
    gateway = Gateway(kind, folder, server.url.removeprefix("http://"), running_api.address, None)
    yield gateway.start()
    gateway.stop()


@pytest.fixture
def connect(authority, tmp_path):
    """The SSLContext of a client, perhaps with a certificate."""
    def context(certificate=None, key=None):
        own = authority.trusted()
        if certificate:
            file = tmp_path / "client.pem"
            file.write_text(certificate + key.private_pem())
            own.load_cert_chain(file)
        return own
    return context


def ask_for_token(gateway, tls, headers=None, **parameters):
    return gateway.exchange("POST", TOKEN_PATH, http.form(parameters),
                            {**http.FORM, **(headers or {})}, tls)


def grant(gateway, client, tls, headers=None):
    assertion = client.assertion(ISSUER + TOKEN_PATH)
    return ask_for_token(gateway, tls, headers, grant_type=JWT_BEARER, assertion=assertion)


def credentials(gateway, client_id, tls, headers=None):
    return ask_for_token(gateway, tls, headers, grant_type="client_credentials",
                         client_id=client_id)


def dpop_token(gateway, client, key, tls):
    """With the nonce that the first answer gives."""
    def proof(**nonce):
        return {"DPoP": dpop.proof(key, "POST", ISSUER + TOKEN_PATH, **nonce)}
    first = grant(gateway, client, tls, proof())
    assert (first.status, first.json["error"]) == (400, "use_dpop_nonce")
    second = grant(gateway, client, tls, proof(nonce=first.headers["DPoP-Nonce"]))
    assert second.status == 200, second
    return second.json["access_token"]


def call(gateway, tls, token, scheme="Bearer", **headers):
    return gateway.exchange("GET", INVOICE, tls=tls,
                            headers={"Authorization": f"{scheme} {token}", **headers})


def test_a_dpop_token_passes_with_its_proof_and_a_nonce(gateway, server, billing, connect):
    key, tls = key_of("P-256", "proofs"), connect()
    token = dpop_token(gateway, billing, key, tls)
    url = gateway.url + INVOICE

    def proof(**more):
        return dpop.proof(key, "GET", url, ath=dpop.hash_of(token), **more)
    without = call(gateway, tls, token, "DPoP", DPoP=proof())
    assert without.status == 401
    challenges = ", ".join(without.headers.get_all("WWW-Authenticate"))
    assert 'error="use_dpop_nonce"' in challenges
    nonce = without.headers["DPoP-Nonce"]

    passed = call(gateway, tls, token, "DPoP", DPoP=proof(nonce=nonce))
    assert passed.status == 200, passed
    names = {name.lower() for name, _ in passed.json["headers"]}
    assert "x-assay-client" in names and not names & {"authorization", "dpop", "client-cert"}

    for refused in (call(gateway, tls, token),
                    call(gateway, tls, token, "DPoP"),
                    call(gateway, tls, token, "DPoP", DPoP=dpop.proof(
                        key, "POST", url, ath=dpop.hash_of(token), nonce=nonce))):
        assert refused.status == 401


def test_what_a_client_says_of_its_request_is_nothing(gateway, server, billing, connect):
    """The proof of another request does not become one for this by the client's own headers."""
    key, tls = key_of("P-256", "proofs"), connect()
    token = dpop_token(gateway, billing, key, tls)
    first = call(gateway, tls, token, "DPoP",
                 DPoP=dpop.proof(key, "GET", gateway.url + INVOICE, ath=dpop.hash_of(token)))
    stolen = dpop.proof(key, "GET", gateway.url + "/invoices/8", ath=dpop.hash_of(token),
                        nonce=first.headers["DPoP-Nonce"])
    told = {"X-Forwarded-Uri": "/invoices/8", "X-Forwarded-Method": "GET",
            "X-Forwarded-Proto": "https", "X-Forwarded-Host": gateway.address}
    assert call(gateway, tls, token, "DPoP", DPoP=stolen, **told).status == 401
    assert gateway.exchange("GET", "/api/oauth/check", tls=tls).status == 404


def test_a_certificate_bound_token_passes_on_connections_of_its_certificate(
        gateway, server, connect):
    key = key_of("P-256", "reports")
    server.register("reports", key, "--auth", "self_signed_tls_client_auth", "--grant",
                    "client_credentials", "--tls-bound", "--default-scope", "invoices.read",
                    algorithm="ES256")
    pem = key.certificate()
    own = connect(pem, key)
    answer = answer_of(200, lambda: credentials(gateway, "reports", own))
    token = answer.json["access_token"]
    assert call(gateway, own, token).status == 200

    thief = key_of("P-256", "thief")
    assert call(gateway, connect(thief.certificate(), thief), token).status == 401
    header = {"Client-Cert": urllib.parse.quote(pem)}
    assert call(gateway, connect(), token, **header).status == 401


def test_a_ca_vouches_for_a_certificate_that_nginx_passes_on(gateway, server, connect):
    key = key_of("P-256", "crawler")
    server.installation.register("crawler", "--auth", "tls_client_auth", "--grant",
                                 "client_credentials", "--tls-san-dns", "crawler.example")
    vouched = connect(CLIENTS_CA.issue(key, "crawler.example"), key)
    answer_of(200, lambda: credentials(gateway, "crawler", vouched))
    forged = connect(key_of("P-256", "another CA").issue(key, "crawler.example"), key)
    refused = credentials(gateway, "crawler", forged)
    assert refused.status == 401
    assert server.reason(refused) == "client_certificate_untrusted"


def test_a_certificate_that_a_client_writes_into_the_header_authenticates_nobody(
        gateway, server, connect):
    key = key_of("P-256", "crawler")
    pem = CLIENTS_CA.issue(key, "crawler.example")
    der = ssl.PEM_cert_to_DER_cert(pem)
    server.installation.register("spider", "--auth", "tls_client_auth", "--grant",
                                 "client_credentials", "--tls-san-dns", "crawler.example")
    answer_of(200, lambda: credentials(gateway, "spider", connect(pem, key)))
    for value in (urllib.parse.quote(pem), f":{base64.b64encode(der).decode()}:"):
        refused = credentials(gateway, "spider", connect(), {"Client-Cert": value})
        assert refused.status == 401


def test_the_token_names_the_certificate_that_nginx_saw(gateway, server, billing, connect):
    client = server.register("bound", key_of("P-256", "billing"), "--tls-bound",
                             "--may-introspect", algorithm="ES256")
    key = key_of("P-256", "connection")
    pem = key.certificate()
    answer = grant(gateway, client, connect(pem, key))
    inspector = server.register_with_secret("inspector", "--may-introspect")
    members = server.introspect(answer.json["access_token"], inspector).json
    der = ssl.PEM_cert_to_DER_cert(pem)
    assert members["cnf"] == {"x5t#S256": base64url(hashlib.sha256(der).digest())}
