"""A client takes back a token that it needs no longer, or that it lost: RFC 7009."""

import hashlib

import pytest

from harness import http
from harness.patience import eventually
from harness.server import REVOKE

SERVICE, PARTNERS = "/refreshed/token", "/partners/token"


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [
        {}, {"path": SERVICE, "refresh_token": {"issue": True}},
        {"path": PARTNERS, "registry": "Partners"}]}


@pytest.fixture(scope="module")
def owner(server):
    """How it signs, and its id and secret."""
    return server.register_with_both("owner", "--may-introspect")


@pytest.fixture(scope="module")
def another(server):
    return server.register_with_both("another")


@pytest.fixture(scope="module")
def basic(owner):
    return http.basic(*owner[1])


@pytest.fixture
def pair(server, owner):
    return server.present(server.assertion(owner[0]), SERVICE).json


def is_active(server, token, owner):
    return server.introspect(token, owner[1]).json["active"]


def check_revoked(answer):
    assert (answer.status, answer.json) == (200, {})


def test_an_access_token_ends_at_once(server, owner, basic):
    token = server.token(owner[0])
    assert is_active(server, token, owner)
    answer = server.revoke(token, basic)
    check_revoked(answer)
    assert answer.headers["Content-Type"] == "application/json"
    assert not is_active(server, token, owner)
    assert server.check(token).status == 401


def test_an_access_token_leaves_its_refresh_token(server, owner, basic, pair):
    check_revoked(server.revoke(pair["access_token"], basic))
    assert not is_active(server, pair["access_token"], owner)
    assert server.refresh(pair["refresh_token"], basic, SERVICE).status == 200


def test_a_refresh_token_takes_its_family_along(server, owner, basic, pair):
    second = server.refresh(pair["refresh_token"], basic, SERVICE).json
    check_revoked(server.revoke(second["refresh_token"], basic))
    for token in (pair["access_token"], second["access_token"], second["refresh_token"]):
        assert not is_active(server, token, owner)
    answer = server.refresh(second["refresh_token"], basic, SERVICE)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")


def test_a_refresh_token_that_was_used_takes_its_family_along(server, owner, basic, pair):
    """Its owner may know no newer one: the answer with that was lost."""
    second = server.refresh(pair["refresh_token"], basic, SERVICE).json
    check_revoked(server.revoke(pair["refresh_token"], basic))
    assert not is_active(server, second["access_token"], owner)


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "of-another-kind", ""])
@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_hint_is_only_a_hint(server, owner, basic, pair, kind, hint):
    check_revoked(server.revoke(pair[kind], basic, token_type_hint=hint))
    assert not is_active(server, pair[kind], owner)


@pytest.mark.parametrize("text", ["nonsense", "x", "A" * 54, "é", "a.b.c", "x" * 4096],
                         ids=lambda text: text[:8])
def test_what_is_no_token_is_as_good_as_revoked(server, basic, text):
    check_revoked(server.revoke(text, basic))


def test_a_token_can_be_revoked_twice(server, basic, pair):
    for token in pair["access_token"], pair["refresh_token"]:
        for _ in range(2):
            check_revoked(server.revoke(token, basic))


# Who may.

@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_token_of_another_client_is_refused_and_stays(server, owner, another, pair, kind):
    answer = server.revoke(pair[kind], http.basic(*another[1]))
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert server.reason(answer) == "token_foreign"
    assert is_active(server, pair[kind], owner)


def test_an_application_of_the_same_id_in_another_table_is_another(server, owner, basic):
    client = owner[0]
    jwk = server.installation.file("partner.jwk", client.key.jwk())
    server.installation.register(client.id, "--table", "Partners", "--jwk", jwk)
    eventually(lambda: server.knows(client, PARTNERS))
    token = server.present(server.assertion(client), PARTNERS).json["access_token"]
    answer = server.revoke(token, basic)
    assert (answer.status, answer.json["error"]) == (400, "invalid_grant")
    assert server.reason(answer) == "token_foreign"
    assert server.check(token).status == 200


def test_a_client_proves_itself_by_any_of_its_credentials(server, owner):
    client, (client_id, secret) = owner
    for proof in ({"client_id": client_id, "client_secret": secret},
                  server.client_assertion(client)):
        token = server.token(client)
        check_revoked(server.revoke(token, **proof))
        assert not is_active(server, token, owner)


UNPROVEN = {
    "nothing": ({}, "client_authentication_missing"),
    "an id alone": ({"client_id": "owner"}, "client_authentication_missing"),
    "a wrong secret": ({"client_id": "owner", "client_secret": "wrong"}, "client_secret_wrong"),
}


@pytest.mark.parametrize("parameters, reason", UNPROVEN.values(), ids=UNPROVEN)
def test_a_client_is_refused_that_proves_itself_by(server, owner, pair, parameters, reason):
    answer = server.revoke(pair["access_token"], **parameters)
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert server.reason(answer) == reason
    assert is_active(server, pair["access_token"], owner)


# The request.

@pytest.mark.parametrize("parameters, reason", [
    ([], "parameter_missing"), ([("token", "")], "parameter_missing"),
    ([("token", "a"), ("token", "b")], "parameter_repeated")],
    ids=["no token", "an empty token", "two tokens"])
def test_a_form_is_refused_with(server, basic, parameters, reason):
    answer = server.post(REVOKE, parameters, basic)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert server.reason(answer) == reason


def test_the_token_is_taken_from_the_form_alone(server, owner, basic, pair):
    token = pair["access_token"]
    get = server.exchange("GET", f"{REVOKE}?token={token}", headers=basic)
    assert (get.status, get.headers["Allow"]) == (405, "POST")
    post = server.exchange("POST", f"{REVOKE}?token={token}", "", {**http.FORM, **basic})
    assert post.json["error"] == "invalid_request"
    assert is_active(server, token, owner)


def test_the_audit_line_names_the_token_by_its_digest(server, basic, pair):
    token = pair["access_token"]
    line = server.audit_line(server.revoke(token, basic))
    assert (line["event"], line["outcome"]) == ("revocation", "granted")
    assert line["client_id"] == "owner"
    assert line["token_sha256_prefix"] == hashlib.sha256(token.encode()).hexdigest()[:16]
