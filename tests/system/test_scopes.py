"""Which scopes a token gets."""

import pytest

from harness.assertions import ABSENT
from harness.keys import key_of

ANY, ALL, OFF = "/any/token", "/all/token", "/off/token"


@pytest.fixture(scope="module")
def settings():
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    return {"token_services": [
        {"path": ANY, "audience": audience},
        {"path": ALL, "audience": audience, "scope_match": "all"},
        {"path": OFF, "audience": audience, "validate_scopes": False}]}


@pytest.fixture(scope="module")
def client(server):
    return server.register(
        "client", key_of("P-256"), "--default-scope", "list", "--default-scope", "read",
        "--scope", "write", "--scope", "admin", algorithm="ES256", path=ANY)


def ask(server, client, path, parameter=None, claim=ABSENT):
    return server.present(server.assertion(client, scope=claim), path, scope=parameter)


@pytest.mark.parametrize("path, parameter, claim, granted", [
    (ANY, None, ABSENT, "list read"),
    (ANY, "", ABSENT, "list read"),
    (ANY, None, "", "list read"),
    (ANY, " ", " ", "list read"),
    (ANY, "write", ABSENT, "write"),
    (ANY, "write read", ABSENT, "write read"),
    (ANY, "write  write", ABSENT, "write"),
    (ANY, "write payroll", ABSENT, "write"),
    (ANY, "write Read", ABSENT, "write"),
    (ANY, None, "write admin", "write admin"),
    (ANY, None, "write payroll", "write"),
    (ANY, "write", "write admin", "write"),
    (ANY, "", "write", "write"),
    (ANY, "write", "", "write"),
    (ANY, None, ["write"], "list read"),
    (ALL, None, ABSENT, "list read"),
    (ALL, "admin write", ABSENT, "admin write"),
    (OFF, "payroll anything", ABSENT, "payroll anything"),
    (OFF, None, ABSENT, "list read"),
])
def test_scopes_are_granted(server, client, path, parameter, claim, granted):
    answer = ask(server, client, path, parameter, claim)
    assert answer.status == 200
    assert answer.json["scope"] == granted


@pytest.mark.parametrize("path, parameter, claim, reason", [
    (ANY, "payroll", ABSENT, "scope_not_allowed"),
    (ANY, "WRITE", ABSENT, "scope_not_allowed"),
    (ANY, None, "payroll", "scope_not_allowed"),
    (ALL, "write payroll", ABSENT, "scope_not_allowed"),
    (ANY, "write admin", "write", "scope_exceeds_assertion"),
    (ANY, "read", "write", "scope_exceeds_assertion"),
    (OFF, "read", "write", "scope_exceeds_assertion"),
    (ANY, 'a"b', ABSENT, "scope_malformed"),
    (ANY, "a\\b", ABSENT, "scope_malformed"),
    (ANY, "read\twrite", ABSENT, "scope_malformed"),
    (ANY, "réad", ABSENT, "scope_malformed"),
    (ANY, "s" * 129, ABSENT, "scope_malformed"),
    (ANY, None, 'a"b', "scope_malformed"),
    (OFF, 'a"b', ABSENT, "scope_malformed"),
    (ANY, " ".join(f"s{n}" for n in range(2000)), ABSENT, "scope_malformed"),
], ids=lambda value: str(value)[:20])
def test_scopes_are_refused(server, client, path, parameter, claim, reason):
    answer = ask(server, client, path, parameter, claim)
    assert answer.status == 400
    assert answer.json["error"] == "invalid_scope"
    assert server.reason(answer) == reason


def test_introspection_shows_the_scopes_that_were_granted(server, client, inspector):
    token = ask(server, client, ANY, "write payroll").json["access_token"]
    assert server.introspect(token, inspector).json["scope"] == "write"
