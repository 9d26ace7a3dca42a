"""APIs that know nothing of Assay check its tokens and its signed answers by themselves."""

import json
import subprocess

import pytest

from harness import clients, http
from harness.installation import clean_environment
from harness.keys import key_of
from harness.patience import LONGEST, eventually

SIGNED = "application/token-introspection+jwt"
ELSEWHERE = "OAUTH_JWT_CLAIM_COMPARISON_FAILED"

# A rotation takes seconds by itself.
LONG = 3 * LONGEST


@pytest.fixture(scope="module")
def settings():
    """Keys rotate by hand within seconds."""
    return {"dpop": {"require_nonce": True},
            "signing_keys": {"max_age": "1s", "announce_for": "5s"},
            "token_services": [{"access_token": {"format": "jwt"}}]}


@pytest.fixture(scope="module")
def workload(server):
    return server.register("workload", key_of("P-256", "workload"), "--grant",
                           "client_credentials", "--may-introspect", "--default-scope",
                           "invoices.read", algorithm="ES256")


@pytest.fixture
def new_token(server, workload):
    def ask():
        answer = server.client_credentials(**server.client_assertion(workload))
        return answer.json["access_token"]
    return ask


# Signed answers of introspection.

@pytest.mark.parametrize("library", ["oauth4webapi", "openid_client"])
def test_a_signed_answer_is_believed_and_no_other(server, workload, inspector, library, new_token):
    token = new_token()
    of_another = server.post("/api/oauth/introspect", {"token": token},
                             {**http.basic(*inspector), "Accept": SIGNED}).text
    result = clients.run_node(f"{library}_introspection.mjs", clients.order_of(
        server, workload, token=token, of_another=of_another))
    assert result["good"] == server.introspect(token, inspector).json
    assert result["good"]["active"] is True
    assert result["unknown"] == {"active": False}
    assert result["forged"] == "OAUTH_INVALID_RESPONSE"
    assert result["of_another"] == ELSEWHERE


# JWT access tokens, by oauth4webapi.

@pytest.fixture(scope="module")
def resource(server, workload):
    return clients.run_node("oauth4webapi_resource.mjs", clients.order_of(
        server, workload, audience=server.url, api="https://api.example/invoices?page=2"))


def test_an_api_checks_tokens_with_and_without_a_proof(server, resource):
    plain, proved = resource["claims"]["plain"], resource["claims"]["proved"]
    for claims in (plain, proved):
        assert (claims["iss"], claims["aud"]) == (server.url, server.url)
        assert (claims["client_id"], claims["scope"]) == ("workload", "invoices.read")
    assert "cnf" not in plain
    assert proved["cnf"].keys() == {"jkt"}


REFUSALS = {
    "a plain token for another API": ELSEWHERE,
    "a bound token for another API": ELSEWHERE,
    "a changed token": "OAUTH_INVALID_RESPONSE",
    "a bearer token where a proof is demanded": "OAUTH_INVALID_RESPONSE",
    "a bound token as a bearer token": "OAUTH_INVALID_RESPONSE",
    "a proof by another key": ELSEWHERE,
    "a proof for another URL": ELSEWHERE,
}


def test_an_api_refuses_what_is_not_meant_for_it(resource):
    assert resource["refusals"] == REFUSALS


# JWT access tokens, by jose and the key set's URL.

class Verifier:
    """An API that runs on while keys come and go."""

    def __init__(self, server):
        order = {"issuer": server.url, "key_set": server.url + "/api/oauth/jwks.json"}
        self._process = subprocess.Popen(
            clients.node_command("jose.mjs", order), cwd=clients.node_folder(), text=True,
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


UNKNOWN_KEY = {"code": "ERR_JWKS_NO_MATCHING_KEY"}


def key_change(verifier, new_token):
    """Tokens verified one after the other, up to the first that another key has signed."""
    first = verifier.verify(new_token())["kid"]

    def changed():
        token = new_token()
        found = verifier.verify(token)
        assert found.get("sub") == "workload", found
        return token if found["kid"] != first else None
    return eventually(changed, LONG)


def key_states(server):
    listed = server.installation.run("key", "list", "--json").json["keys"]
    return {key["kid"]: key["state"] for key in listed}


def test_jose_follows_the_keys_across_a_rotation(server, verifier, new_token):
    before = new_token()
    old = verifier.verify(before)["kid"]
    assert server.installation.run("key", "rotate").status == 0
    assert "announced" in key_states(server).values()
    during = new_token()
    assert verifier.verify(during) == {"sub": "workload", "kid": old}
    after = key_change(verifier, new_token)
    new = verifier.verify(after)["kid"]
    assert (key_states(server)[old], key_states(server)[new]) == ("retired", "signing")
    for token, kid in ((before, old), (during, old), (after, new)):
        assert verifier.verify(token) == {"sub": "workload", "kid": kid}


def test_jose_believes_nothing_of_a_revoked_key(server, verifier, new_token):
    before = new_token()
    kid = verifier.verify(before)["kid"]
    assert server.installation.run("key", "revoke", kid).status == 0
    eventually(lambda: verifier.verify(before) == UNKNOWN_KEY, LONG)
    assert eventually(lambda: verifier.verify(new_token()).get("kid"), LONG) != kid


def test_jose_does_not_know_a_key_that_nobody_announced(server, verifier, new_token):
    """Which shows that it keeps the key set, and that announcing is what helps."""
    def met_unannounced():
        verifier.verify(new_token())
        assert server.installation.run("key", "rotate", "--now").status == 0
        return any(verifier.verify(new_token()) == UNKNOWN_KEY for _ in range(50))
    eventually(met_unannounced, LONG)
