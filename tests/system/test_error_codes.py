"""Each error code that a client can meet, with its status and a request that provokes it.

But for server_error, which takes a store that is down.
"""

import re

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.patience import answer_of
from harness.server import REVOKE


@pytest.fixture(scope="module")
def settings():
    return {"limits": {"secret_attempts": 1},
            "token_services": [{"refresh_token": {"issue": True}}]}


class World:
    """What the requests of the table are made of."""

    def __init__(self, server):
        self.server = server
        self.client, credentials = server.register_with_both(
            "owner", "--grant", "jwt-bearer", "--default-scope", "read")
        self.basic = http.basic(*credentials)
        other, _ = server.register_with_both("another")
        self.foreign = server.token(other)
        self.token = server.token(self.client)
        secret = server.installation.file("secret.txt", "a secret that a person chose\n")
        server.installation.register("chosen", "--secret-file", secret)

    def post(self, path, parameters, headers=None):
        return self.server.post(path, parameters, headers)

    def grant(self, **claims):
        return self.server.grant(self.client, **claims)

    def present(self, **parameters):
        return self.server.present(self.server.assertion(self.client), **parameters)

    def guess(self):
        """More often than anybody may."""
        guess = http.basic("chosen", "a guess at the secret")
        return answer_of(429, lambda: self.server.client_credentials(guess))


@pytest.fixture(scope="module")
def world(server):
    return World(server)


CODES = [
    # At the token endpoint: RFC 6749 section 5.2.
    ("invalid_request", 400, lambda on: on.post(TOKEN_PATH, {})),
    ("invalid_request", 400, lambda on: on.post(TOKEN_PATH, [("scope", "a"), ("scope", "b")])),
    ("invalid_request", 400,
     lambda on: on.post(TOKEN_PATH, {"client_id": "x", "client_secret": "y"}, on.basic)),
    ("invalid_request", 405, lambda on: on.server.exchange("GET", TOKEN_PATH)),
    ("invalid_request", 413,
     lambda on: on.server.exchange("POST", TOKEN_PATH, "a=" + "b" * 70000, http.FORM)),
    ("invalid_client", 401, lambda on: on.server.client_credentials()),
    ("invalid_client", 401, lambda on: on.server.client_credentials(http.basic("nobody", "x"))),
    ("invalid_client", 401, lambda on: on.server.refresh("x", client_id="owner")),
    ("invalid_client", 429, lambda on: on.guess()),
    ("invalid_grant", 400, lambda on: on.grant(aud="https://elsewhere.example")),
    ("invalid_grant", 400, lambda on: on.server.refresh("nonsense", on.basic)),
    ("unauthorized_client", 400, lambda on: on.server.client_credentials(on.basic)),
    ("unsupported_grant_type", 400, lambda on: on.post(TOKEN_PATH, {"grant_type": "password"})),
    ("invalid_scope", 400, lambda on: on.present(scope="payroll")),
    ("invalid_scope", 400, lambda on: on.present(scope='"')),
    # RFC 8707 section 2.
    ("invalid_target", 400, lambda on: on.present(resource="https://elsewhere.example")),
    # Where tokens are asked about and revoked: RFC 7662 section 2.3, RFC 7009 section 2.2.1.
    ("invalid_client", 401, lambda on: on.post("/api/oauth/introspect", {"token": on.token})),
    ("invalid_token", 400,
     lambda on: on.post("/api/oauth/tokeninfo", {"access_token": "x"}, on.basic)),
    ("invalid_client", 401, lambda on: on.server.revoke(on.token)),
    ("invalid_request", 400, lambda on: on.post(REVOKE, {}, on.basic)),
    ("invalid_grant", 400, lambda on: on.server.revoke(on.foreign, on.basic)),
    # On the side of a protected API: RFC 6750 section 3.1.
    ("invalid_request", 400, lambda on: on.server.check("a b")),
    ("invalid_token", 401, lambda on: on.server.check("nonsense")),
    ("insufficient_scope", 403, lambda on: on.server.check(on.token, "scope=admin")),
    # Where MCP clients look for people: RFC 6749 section 4.1.2.1.
    ("unsupported_response_type", 400,
     lambda on: on.server.exchange("GET", "/api/oauth/authorize?response_type=code&client_id=x")),
    # Where there is no endpoint.
    ("invalid_request", 404, lambda on: on.server.exchange("GET", "/nowhere")),
]


@pytest.mark.parametrize("code, status, request_of", CODES,
                         ids=[f"{number}-{code}-{status}"
                              for number, (code, status, _) in enumerate(CODES)])
def test_a_code_comes_with_its_status_and_all_that_belongs_to_it(world, code, status, request_of):
    answer = request_of(world)
    assert (answer.status, answer.json["error"]) == (status, code)
    assert set(answer.json) == {"error", "error_description"}
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+", answer.json["error_description"])
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Correlation-ID"]
    assert ("Retry-After" in answer.headers) == (status == 429)
    # RFC 9110 section 11.6.1: a 401 says how to do better.
    assert ("WWW-Authenticate" in answer.headers) >= (status == 401)


def test_there_is_no_code_for_a_kind_of_token_that_cannot_be_revoked(world):
    """RFC 7009 has unsupported_token_type for it; all tokens of this server can be revoked."""
    for hint in ("access_token", "refresh_token", "something_else"):
        token = world.server.token(world.client)
        answer = world.server.revoke(token, world.basic, token_type_hint=hint)
        assert (answer.status, answer.json) == (200, {})
