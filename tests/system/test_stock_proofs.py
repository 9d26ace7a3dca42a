"""Clients that know nothing of Assay have tokens bound to their keys, and check ours themselves."""

import json
import subprocess

import pytest

from harness import clients, jwt
from harness.https import Authority
from harness.installation import clean_environment
from harness.keys import key_of
from harness.patience import LONGEST, eventually

SCRIPTS = ["oauth4webapi_bound.mjs", "openid_client_bound.mjs"]
OWN = ["--grant", "client_credentials", "--may-introspect", "--default-scope", "invoices.read"]


@pytest.fixture(scope="module")
def settings():
    """Loopback is the gateway, and keys rotate by hand within seconds."""
    return {"proxies": {"addresses": ["127.0.0.0/8"]}, "dpop": {"require_nonce": True},
            "signing_keys": {"max_age": "1s", "announce_for": "2s"},
            "token_services": [{"access_token": {"format": "jwt"}}]}


@pytest.fixture(scope="module")
def workload(server):
    return server.register("workload", key_of("P-256", "workload"), *OWN, algorithm="ES256")


def order(server, client, step, **more):
    key = server.installation.file(f"{client.id}.pem", client.key.private_pem())
    return {"issuer": server.url, "client_id": client.id, "key": str(key), "algorithm": "ES256",
            "step": step, "api": server.url + "/api/oauth/check", **more}


def bound_by(script, server, workload):
    """What came of a token that a client bound to its key by DPoP, with a nonce of the server's."""
    return clients.run_node(script, order(
        server, workload, "bound", audience=server.url,
        headers={"X-Forwarded-Method": "GET", "X-Forwarded-Proto": "http",
                 "X-Forwarded-Host": server.url.removeprefix("http://"),
                 "X-Forwarded-Uri": "/api/oauth/check"}))


@pytest.fixture(params=SCRIPTS)
def bound(request, server, workload):
    return bound_by(request.param, server, workload)


def test_a_client_proves_itself_with_the_servers_nonce(bound):
    assert bound["token"]["token_type"] == "dpop"
    assert jwt.claims_of(bound["token"]["access_token"])["cnf"].keys() == {"jkt"}
    assert bound["used"] == 200
    if "claims" in bound:
        assert bound["nonces"] == 1  # what it learnt at the one endpoint is good at the other


def test_a_bound_token_is_of_no_use_as_a_bearer_token(bound):
    assert bound["stolen"] == 401


def test_an_api_checks_a_bound_token_by_itself(server, workload):
    result = bound_by("oauth4webapi_bound.mjs", server, workload)
    assert result["claims"]["client_id"] == "workload"
    assert result["claims"]["scope"] == "invoices.read"
    assert result["elsewhere"] == "OAUTH_JWT_CLAIM_COMPARISON_FAILED"
    assert result["as_bearer"] != "accepted"


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_signed_answer_is_believed_and_a_forged_one_is_not(server, workload, script):
    token = server.client_credentials(**server.client_assertion(workload)).json["access_token"]
    result = clients.run_node(script, order(server, workload, "introspect", token=token))
    assert result["good"]["active"] and result["good"]["client_id"] == "workload"
    assert result["unknown"] == {"active": False}
    assert result["forged"] not in ("believed", None)


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


def files(server, name, certificate, key):
    """Of a client's certificate, and what it knows the server by."""
    paths = {"ca": server.folder / "ca.pem", "certificate": server.folder / f"{name}.pem",
             "key": server.folder / f"{name}.key"}
    paths["certificate"].write_text(certificate)
    paths["key"].write_text(key.private_pem())
    return {use: str(path) for use, path in paths.items()}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("method", ["tls_client_auth", "self_signed_tls_client_auth"])
def test_a_client_proves_itself_with_its_certificate(tls_server, script, method):
    name = f"{method}-{script}"
    key, thief = key_of("P-256", name), key_of("P-256", "thief")
    if method == "tls_client_auth":
        certificate = key_of("P-256", "the clients' CA").issue(key, "workload.example")
        tls_server.installation.register(name, *OWN, "--auth", method, "--tls-bound",
                                         "--tls-san-dns", "workload.example")
    else:
        certificate = key.certificate()
        jwk = tls_server.installation.file(f"{name}.jwk", key.jwk())
        tls_server.installation.register(name, *OWN, "--auth", method, "--tls-bound",
                                         "--jwk", jwk)
    wish = {"issuer": tls_server.url, "client_id": name, "algorithm": "ES256",
            "step": "certificate", "api": tls_server.url + "/api/oauth/check",
            "files": files(tls_server, name, certificate, key),
            "other_files": files(tls_server, "thief", thief.certificate(), thief)}
    wish["key"] = wish["files"]["key"]

    def known():
        result = clients.run_node(script, wish)
        return result if result.get("error") != "invalid_client" else None
    result = eventually(known)
    assert result["token"]["token_type"] == "bearer"
    assert result["used"] == 200
    assert result["stolen"] == 401
    assert result["refused"] == 401


# jose, with the key set by its URL

class Verifier:
    """An API that runs on while keys come and go."""

    def __init__(self, server):
        wish = {"issuer": server.url, "key_set": server.url + "/api/oauth/jwks.json"}
        version = int(clients.run("node", "--version").lstrip("v").split(".")[0])
        flags = ["--experimental-global-webcrypto"] if version < 20 else []
        self._process = subprocess.Popen(
            ["node", *flags, "jose.mjs", json.dumps(wish)], cwd=clients.node_folder(), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=clean_environment())

    def verify(self, token):
        self._process.stdin.write(token + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(LONGEST) == 0
        self._process.stdout.close()


@pytest.fixture
def verifier(server):
    verifier = Verifier(server)
    yield verifier
    verifier.close()


def test_an_api_with_jose_follows_the_keys_across_a_rotation(server, workload, verifier):
    def token():
        return server.client_credentials(**server.client_assertion(workload)).json["access_token"]

    before = token()
    first = verifier.verify(before)["kid"]
    assert server.installation.run("key", "rotate").status == 0

    def signed_by_another():
        now = token()
        found = verifier.verify(now)
        assert found.get("sub") == "workload", found
        return found["kid"] if found["kid"] != first else None
    eventually(signed_by_another, 3 * LONGEST)
    assert verifier.verify(before) == {"sub": "workload", "kid": first}

    assert server.installation.run("key", "revoke", first).status == 0
    eventually(lambda: verifier.verify(before) == {"code": "ERR_JWKS_NO_MATCHING_KEY"},
               3 * LONGEST)
    assert verifier.verify(token())["sub"] == "workload"
