"""What a protected API learns of a token: RFC 7662, and the original's token info."""

import time

import pytest

from harness import http
from harness.keys import key_of
from harness.patience import answer_of, eventually

INTROSPECT, TOKEN_INFO = "/api/oauth/introspect", "/api/oauth/tokeninfo"
OTHER_API = "https://other.example/api"
SHOP_API, STOCK_API = "https://shop.example/api", "https://stock.example/api"
INACTIVE = {"active": False}


@pytest.fixture(scope="module")
def settings():
    """The default service; one for two APIs; one whose tokens end soon."""
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    return {"token_services": [
        {"parameters": {"department": "sales", "answer": "42"}},
        {"path": "/apis/token", "audience": audience, "resource": [SHOP_API, STOCK_API]},
        {"path": "/short/token", "audience": audience, "access_token": {"lifetime": "1s"}},
        {"path": "/refreshed/token", "audience": audience, "refresh_token": {"issue": True}}]}


@pytest.fixture(scope="module")
def token(server, billing):
    return server.token(billing, sub="billing")


def token_of(server, client, path):
    answer = server.present(server.assertion(client), path)
    assert answer.status == 200
    return answer.json["access_token"]


def test_an_active_token_is_described(server, billing, inspector, token):
    answer = server.introspect(token, inspector)
    members = answer.json
    now = time.time()
    assert answer.status == 200
    assert now - 60 < members.pop("iat") <= now
    assert now - 60 < members.pop("nbf") <= now
    assert now + 3540 < members.pop("exp") <= now + 3600
    assert members == {
        "active": True, "client_id": "billing", "sub": "billing", "scope": "invoices.read",
        "token_type": "Bearer", "iss": server.url, "aud": server.url,
        "department": "sales", "answer": "42"}


def test_times_are_whole_numbers(server, inspector, token):
    members = server.introspect(token, inspector).json
    assert all(isinstance(members[name], int) for name in ("iat", "nbf", "exp"))


def test_the_answer_is_kept_by_no_cache(server, inspector, token):
    answer = server.introspect(token, inspector)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"


def test_the_audience_of_a_token_for_several_apis_is_an_array(server, billing):
    caller = server.register_with_secret("shop", "--may-introspect", "--serves", SHOP_API)
    members = server.introspect(token_of(server, billing, "/apis/token"), caller).json
    assert members["aud"] == [SHOP_API, STOCK_API]


@pytest.mark.parametrize("text", [
    "nonsense", "x", "A" * 54, "0" * 54, "é", "a.b.c", "x" * 4096], ids=lambda text: text[:8])
def test_what_is_no_token_is_inactive_and_nothing_more(server, inspector, text):
    answer = server.introspect(text, inspector)
    assert answer.status == 200
    assert answer.json == INACTIVE


def test_a_token_with_one_other_character_is_inactive(server, inspector, token):
    other = "A" if token[-1] != "A" else "B"
    assert server.introspect(token[:-1] + other, inspector).json == INACTIVE


def test_a_token_that_has_ended_is_inactive(server, billing, inspector):
    token = token_of(server, billing, "/short/token")
    eventually(lambda: server.introspect(token, inspector).json == INACTIVE)
    assert server.token_info(token, inspector).json["error"] == "invalid_token"


def test_a_token_that_was_revoked_is_inactive_at_once(server, billing, inspector):
    token = server.token(billing)
    assert server.introspect(token, inspector).json["active"]
    assert server.installation.run("token", "revoke", token).status == 0
    assert server.introspect(token, inspector).json == INACTIVE


@pytest.fixture(scope="module")
def refreshed(server):
    """A refresh token, and the id and the secret of the application that it was issued to."""
    owner = server.register("refreshed", key_of("P-256", "refreshed"), algorithm="ES256")
    outcome = server.installation.run("app", "update", "refreshed", "--secret",
                                      "--may-introspect", "--json")
    answer = server.present(server.assertion(owner), "/refreshed/token")
    id_and_secret = ("refreshed", outcome.json["client_secret"])
    answer_of(200, lambda: server.introspect("x", id_and_secret))
    return answer.json["refresh_token"], id_and_secret


def test_a_refresh_token_is_described_to_its_own_application(server, refreshed):
    token, owner = refreshed
    members = server.introspect(token, owner).json
    assert members["active"] is True
    assert members["token_type"] == "refresh_token"
    assert members["exp"] - members["iat"] == 43200


def test_a_refresh_token_is_inactive_to_an_api(server, refreshed, inspector):
    """Which could otherwise take it for an access token."""
    token, _ = refreshed
    assert server.introspect(token, inspector).json == INACTIVE


def test_a_hint_is_only_a_hint(server, inspector, token):
    answer = server.post(INTROSPECT, {"token": token, "token_type_hint": "refresh_token"},
                         http.basic(*inspector))
    assert answer.json["active"] is True


# Who may ask.

@pytest.fixture(scope="module")
def other_api(server):
    """Serves another API than the one that the tokens are for."""
    return server.register_with_secret("other-api", "--may-introspect", "--serves", OTHER_API)


@pytest.fixture(scope="module")
def bystander(server):
    """Has no right to introspect."""
    return server.register_with_secret("bystander")


def test_a_token_that_is_not_for_the_callers_api_is_inactive(server, other_api, token):
    assert server.introspect(token, other_api).json == INACTIVE
    assert server.token_info(token, other_api).json["error"] == "invalid_token"


def test_a_token_for_one_of_the_callers_apis_is_active(server, billing):
    caller = server.register_with_secret("both", "--may-introspect", "--serves", OTHER_API,
                                         "--serves", STOCK_API)
    assert server.introspect(token_of(server, billing, "/apis/token"), caller).json["active"]


def test_a_token_for_an_api_is_not_for_those_that_serve_the_issuer(server, billing, inspector):
    assert server.introspect(token_of(server, billing, "/apis/token"), inspector).json == INACTIVE


@pytest.mark.parametrize("path, member", [(INTROSPECT, "token"), (TOKEN_INFO, "access_token")])
def test_strangers_learn_nothing(server, token, path, member):
    answer = server.post(path, {member: token})
    assert answer.status == 401
    assert answer.json["error"] == "invalid_client"
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_an_application_without_the_right_may_not_introspect(server, bystander, token):
    answer = server.introspect(token, bystander)
    assert answer.status == 401
    assert answer.json["error"] == "invalid_client"
    assert server.reason(answer) == "introspection_not_allowed"


@pytest.mark.parametrize("path, member", [(INTROSPECT, "token"), (TOKEN_INFO, "access_token")])
def test_the_token_is_required(server, inspector, path, member):
    for parameters in ({}, {member: ""}):
        answer = server.post(path, parameters, http.basic(*inspector))
        assert answer.status == 400
        assert answer.json["error"] == "invalid_request"


@pytest.mark.parametrize("path, member", [(INTROSPECT, "token"), (TOKEN_INFO, "access_token")])
def test_the_token_is_taken_from_the_form_alone(server, inspector, token, path, member):
    get = server.exchange("GET", f"{path}?{member}={token}", headers=http.basic(*inspector))
    assert (get.status, get.headers["Allow"]) == (405, "POST")
    post = server.exchange("POST", f"{path}?{member}={token}", "",
                           {**http.FORM, **http.basic(*inspector)})
    assert post.json["error"] == "invalid_request"


# Token info.

def test_token_info_describes_an_active_token(server, billing, inspector, token):
    answer = server.token_info(token, inspector)
    members = answer.json
    assert answer.status == 200
    assert 3500 < members.pop("expires_in") <= 3600
    assert members == {"audience": "billing", "user_id": "billing", "scope": "invoices.read",
                       "department": "sales", "answer": "42"}


def test_token_info_of_what_is_no_token_is_an_error(server, inspector):
    answer = server.token_info("nonsense", inspector)
    assert answer.status == 400
    assert answer.json["error"] == "invalid_token"


def test_token_info_shows_nobody_the_tokens_of_others(server, bystander, token):
    answer = server.token_info(token, bystander)
    assert answer.json["error"] == "invalid_token"


def test_token_info_shows_an_application_its_own_tokens(server):
    owner = server.register("own", key_of("P-256"), algorithm="ES256")
    secret = server.installation.run("app", "update", "own", "--secret", "--json").json
    token = server.token(owner)
    id_and_secret = ("own", secret["client_secret"])
    answer = answer_of(200, lambda: server.token_info(token, id_and_secret))
    assert answer.json["audience"] == "own"


def test_token_info_of_a_refresh_token_is_an_error(server, billing, inspector):
    answer = server.present(server.assertion(billing), "/refreshed/token")
    answer = server.token_info(answer.json["refresh_token"], inspector)
    assert answer.json["error"] == "invalid_token"


def test_token_info_can_be_open_to_all(servers):
    server = servers.start({"token_info": {"require_authentication": False},
                            "token_services": [{"refresh_token": {"issue": True}}]})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    pair = server.grant(client).json
    answer = server.post(TOKEN_INFO, {"access_token": pair["access_token"]})
    assert (answer.status, answer.json["audience"]) == (200, "billing")
    for text in ("nonsense", pair["refresh_token"]):
        answer = server.post(TOKEN_INFO, {"access_token": text})
        assert (answer.status, answer.json["error"]) == (400, "invalid_token")
    assert server.post(INTROSPECT, {"token": pair["access_token"]}).status == 401
