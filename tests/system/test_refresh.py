"""A refresh token gets a new access token: once, again and again, or once within a grace."""

import concurrent.futures
import time

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.patience import eventually

# One has so long a grace that no test outlasts it, one has none.
ROTATE, STRICT, KEEP, SLIDE = "/rotate/token", "/strict/token", "/keep/token", "/slide/token"
SHORT = "/short/token"
POLICIES = [ROTATE, STRICT, KEEP, SLIDE]

AT_ONCE = 16


@pytest.fixture(scope="module")
def settings():
    def service(path, **refresh_token):
        return {"path": path, "refresh_token": {"issue": True, **refresh_token},
                "parameters": {"department": "sales"}}
    return {"token_services": [
        {}, service(ROTATE, grace="300s"), service(STRICT, policy="rotate", grace="0s"),
        service(KEEP, policy="keep"), service(SLIDE, policy="slide"),
        {**service(SHORT, policy="keep", lifetime="1s"), "access_token": {"lifetime": "1s"}}]}


@pytest.fixture(scope="module")
def owner(server):
    """How it signs, and its id and secret. It may look at its own tokens."""
    return server.register_with_both(
        "owner", "--may-introspect", "--default-scope", "read", "--default-scope", "write",
        "--scope", "admin", "--subject", "alice")


@pytest.fixture(scope="module")
def another(server):
    return server.register_with_both("another", "--default-scope", "read")


@pytest.fixture(scope="module")
def ask(server, owner):
    """The owner's requests, by path."""
    client, credentials = owner

    class Ask:
        def grant(self, path, scope=None, **claims):
            answer = server.present(server.assertion(client, **claims), path, scope=scope)
            assert answer.status == 200, answer
            return answer.json

        def refresh(self, token, path, **parameters):
            return server.refresh(token, http.basic(*credentials), path, **parameters)

        def refreshed(self, token, path, **parameters):
            answer = self.refresh(token, path, **parameters)
            assert answer.status == 200, answer
            return answer.json

        def inspect(self, token):
            return server.introspect(token, credentials).json

        def is_active(self, token):
            return self.inspect(token)["active"]
    return Ask()


def check_refused(server, answer, error, *reasons):
    assert (answer.status, answer.json["error"]) == (401 if error == "invalid_client" else 400,
                                                     error)
    assert server.reason(answer) in reasons


# What comes of it.

@pytest.mark.parametrize("path", POLICIES)
def test_a_refresh_token_gets_another_access_token(ask, path):
    first = ask.grant(path)
    second = ask.refreshed(first["refresh_token"], path)
    assert set(second) == {"access_token", "token_type", "expires_in", "scope", "refresh_token"}
    assert second["access_token"] not in (first["access_token"], first["refresh_token"])
    assert (second["token_type"], second["expires_in"]) == ("Bearer", 3600)
    assert ask.is_active(second["access_token"])


@pytest.mark.parametrize("path", POLICIES)
def test_it_says_all_that_the_first_one_said(ask, path):
    first = ask.grant(path, sub="alice", scope="read admin")
    second = ask.refreshed(first["refresh_token"], path)
    told = [ask.inspect(pair["access_token"]) for pair in (first, second)]
    for members in told:
        for name in ("iat", "nbf", "exp"):
            del members[name]
    assert told[0] == told[1]
    assert (told[1]["sub"], told[1]["scope"]) == ("alice", "read admin")
    assert told[1]["department"] == "sales"


def test_no_cache_keeps_the_answer(ask):
    answer = ask.refresh(ask.grant(ROTATE)["refresh_token"], ROTATE)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"


def test_the_audit_line_names_the_grant(server, ask):
    answer = ask.refresh(ask.grant(ROTATE, sub="alice")["refresh_token"], ROTATE)
    line = server.audit_line(answer)
    assert (line["event"], line["outcome"]) == ("token", "granted")
    assert (line["grant_type"], line["client_id"]) == ("refresh_token", "owner")
    assert line["scope"] == "read write"


# The three policies.

def test_a_rotated_token_is_another_each_time(ask):
    token = ask.grant(STRICT)["refresh_token"]
    seen = {token}
    for _ in range(5):
        token = ask.refreshed(token, STRICT)["refresh_token"]
        seen.add(token)
    assert len(seen) == 6


@pytest.mark.parametrize("path", [KEEP, SLIDE])
def test_a_kept_token_is_the_same_each_time(ask, path):
    token = ask.grant(path)["refresh_token"]
    answers = [ask.refreshed(token, path) for _ in range(5)]
    assert {answer["refresh_token"] for answer in answers} == {token}
    assert len({answer["access_token"] for answer in answers}) == 5
    assert all(ask.is_active(answer["access_token"]) for answer in answers)


def expiry_after_a_refresh(ask, token, path):
    return ask.inspect(ask.refreshed(token, path)["refresh_token"])["exp"]


def test_the_life_of_a_sliding_token_begins_anew(ask):
    token = ask.grant(SLIDE)["refresh_token"]
    first = ask.inspect(token)["exp"]
    eventually(lambda: expiry_after_a_refresh(ask, token, SLIDE) > first)


def test_the_life_of_a_kept_token_does_not(ask):
    token = ask.grant(KEEP)["refresh_token"]
    first = ask.inspect(token)["exp"]
    time.sleep(1.1)
    assert expiry_after_a_refresh(ask, token, KEEP) == first


# Scopes: RFC 6749 section 6.

@pytest.mark.parametrize("path", POLICIES)
def test_a_narrower_scope_is_for_the_access_token_alone(ask, path):
    narrow = ask.refreshed(ask.grant(path)["refresh_token"], path, scope="read")
    assert narrow["scope"] == ask.inspect(narrow["access_token"])["scope"] == "read"
    assert ask.refreshed(narrow["refresh_token"], path)["scope"] == "read write"


@pytest.mark.parametrize("scope", ["admin", "read admin", "payroll"])
def test_a_wider_scope_than_granted_is_refused_and_uses_nothing_up(server, ask, scope):
    token = ask.grant(STRICT)["refresh_token"]
    check_refused(server, ask.refresh(token, STRICT, scope=scope), "invalid_scope",
                  "scope_exceeds_grant")
    assert ask.refreshed(token, STRICT)["scope"] == "read write"


# Who may.

def test_a_token_of_another_client_is_refused_and_not_used_up(server, ask, another):
    token = ask.grant(STRICT)["refresh_token"]
    answer = server.refresh(token, http.basic(*another[1]), STRICT)
    check_refused(server, answer, "invalid_grant", "refresh_token_foreign")
    assert ask.refreshed(token, STRICT)


def test_another_client_gets_no_repetition(server, ask, another):
    token = ask.grant(ROTATE)["refresh_token"]
    ask.refreshed(token, ROTATE)
    answer = server.refresh(token, http.basic(*another[1]), ROTATE)
    check_refused(server, answer, "invalid_grant", "refresh_token_foreign")


UNPROVEN = {
    "nothing": ({}, "client_authentication_missing"),
    "its id alone": ({"client_id": "owner"}, "client_authentication_missing"),
    "a wrong secret": ({"client_id": "owner", "client_secret": "wrong"}, "client_secret_wrong"),
}


@pytest.mark.parametrize("parameters, reason", UNPROVEN.values(), ids=UNPROVEN)
def test_a_client_is_refused_that_proves_itself_by(server, ask, parameters, reason):
    token = ask.grant(STRICT)["refresh_token"]
    check_refused(server, server.refresh(token, path=STRICT, **parameters), "invalid_client",
                  reason)
    assert ask.refreshed(token, STRICT)


def test_a_client_proves_itself_by_any_of_its_credentials(server, ask, owner):
    client, (client_id, secret) = owner
    token = ask.grant(KEEP)["refresh_token"]
    for proof in ({"client_id": client_id, "client_secret": secret},
                  server.client_assertion(client)):
        assert server.refresh(token, path=KEEP, **proof).status == 200


def test_a_client_assertion_is_good_for_one_refresh(server, ask, owner):
    token = ask.grant(KEEP)["refresh_token"]
    proof = server.client_assertion(owner[0])
    assert server.refresh(token, path=KEEP, **proof).status == 200
    answer = server.refresh(token, path=KEEP, **proof)
    check_refused(server, answer, "invalid_client", "client_assertion_refused")


# Which tokens.

def test_the_token_is_required(server, ask):
    for token in (None, ""):
        check_refused(server, ask.refresh(token, ROTATE), "invalid_request", "parameter_missing")


def test_what_is_no_refresh_token_of_the_service_is_refused(server, ask):
    pair = ask.grant(ROTATE)
    token = pair["refresh_token"]
    for text, path in [("nonsense", ROTATE), (pair["access_token"], ROTATE),
                       (token[:-1] + ("A" if token[-1] != "A" else "B"), ROTATE),
                       (token, STRICT), (token, TOKEN_PATH)]:
        check_refused(server, ask.refresh(text, path), "invalid_grant", "refresh_token_unknown",
                      "refresh_token_foreign")
    assert ask.refreshed(token, ROTATE)


def test_a_token_that_has_ended_is_refused(server, ask):
    token = ask.grant(SHORT)["refresh_token"]
    answer = eventually(lambda: refused(ask.refresh(token, SHORT)))
    check_refused(server, answer, "invalid_grant", "refresh_token_unknown")


def refused(answer):
    return answer if answer.status != 200 else None


# A second use.

def family_of(ask, path):
    """A token that was used, all that came of it, and the refresh token that is next."""
    first = ask.grant(path)
    second = ask.refreshed(first["refresh_token"], path)
    return (first["refresh_token"], [first["access_token"], second["access_token"]],
            second["refresh_token"])


def check_dead(server, ask, access_tokens, refresh_token, path):
    assert [ask.is_active(token) for token in access_tokens] == [False] * len(access_tokens)
    check_refused(server, ask.refresh(refresh_token, path), "invalid_grant",
                  "refresh_token_unknown")


def test_a_second_use_revokes_the_whole_family(server, ask):
    """Two have the token: who of them is its owner, nobody knows (RFC 9700 section 4.14.2)."""
    used, access_tokens, successor = family_of(ask, STRICT)
    other = ask.grant(STRICT)
    assert all(ask.is_active(token) for token in access_tokens)
    answer = ask.refresh(used, STRICT)
    check_refused(server, answer, "invalid_grant", "refresh_token_reused")
    line = server.audit_line(answer)
    assert (line["event"], line["outcome"], line["client_id"]) == ("token", "refused", "owner")
    check_dead(server, ask, access_tokens, successor, STRICT)
    assert ask.is_active(other["access_token"])


def test_within_the_grace_a_second_use_gets_the_same_pair(ask):
    token = ask.grant(ROTATE)["refresh_token"]
    first, *more = [ask.refreshed(token, ROTATE) for _ in range(4)]
    for answer in more:
        assert 3500 < answer.pop("expires_in") <= first["expires_in"]
        assert answer.items() <= first.items()
    assert ask.is_active(first["access_token"])
    assert ask.refreshed(first["refresh_token"], ROTATE)


def test_the_repetition_counts_down(ask):
    """A client that was told the full life again would use the token after its end."""
    token = ask.grant(ROTATE)["refresh_token"]
    assert ask.refreshed(token, ROTATE)["expires_in"] == 3600
    eventually(lambda: ask.refreshed(token, ROTATE)["expires_in"] < 3600)


def test_once_the_successor_was_used_there_is_no_repetition(server, ask):
    used, access_tokens, successor = family_of(ask, ROTATE)
    last = ask.refreshed(successor, ROTATE)
    check_refused(server, ask.refresh(used, ROTATE), "invalid_grant", "refresh_token_reused")
    check_dead(server, ask, [*access_tokens, last["access_token"]], last["refresh_token"], ROTATE)


def test_once_the_successor_was_revoked_there_is_no_repetition(server, ask, owner):
    used, access_tokens, successor = family_of(ask, ROTATE)
    assert server.revoke(successor, http.basic(*owner[1])).status == 200
    check_dead(server, ask, access_tokens, used, ROTATE)


# Sixteen at once.

def refresh_at_once(ask, token, path):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: ask.refresh(token, path), range(AT_ONCE)))


def test_of_sixteen_at_once_all_get_the_same_pair_within_the_grace(ask):
    answers = refresh_at_once(ask, ask.grant(ROTATE)["refresh_token"], ROTATE)
    assert [answer.status for answer in answers] == [200] * AT_ONCE
    pairs = {(answer.json["access_token"], answer.json["refresh_token"]) for answer in answers}
    assert len(pairs) == 1
    access_token, refresh_token = pairs.pop()
    assert ask.is_active(access_token)
    assert ask.refreshed(refresh_token, ROTATE)


def test_of_sixteen_at_once_without_a_grace_one_gets_a_pair_and_none_keeps_it(server, ask):
    first = ask.grant(STRICT)
    answers = refresh_at_once(ask, first["refresh_token"], STRICT)
    given = [answer.json for answer in answers if answer.status == 200]
    assert len(given) == 1
    for answer in answers:
        if answer.status != 200:
            check_refused(server, answer, "invalid_grant", "refresh_token_reused",
                          "refresh_token_unknown")
    check_dead(server, ask, [first["access_token"], given[0]["access_token"]],
               given[0]["refresh_token"], STRICT)


def test_of_sixteen_at_once_all_get_a_token_where_it_is_kept(ask):
    token = ask.grant(KEEP)["refresh_token"]
    answers = refresh_at_once(ask, token, KEEP)
    assert {answer.json["refresh_token"] for answer in answers} == {token}
    access_tokens = {answer.json["access_token"] for answer in answers}
    assert len(access_tokens) == AT_ONCE
    assert all(ask.is_active(token) for token in access_tokens)
