"""An engine that stands still answers nobody: requests have an end, and all goes on afterwards."""

import time

import pytest

from harness import http, jwt
from harness.patience import answer_of
from harness.postgresql import Engine
from harness.redis import Redis, RedisCluster

KEY_SET = "/api/oauth/jwks.json"
REPLAYED = "The assertion has been used before."
LONGEST = 10.0  # seconds for an answer: the calls have 1 to 3, and this machine may be busy


def readiness(server):
    return http.exchange(server.url, "GET", "/health/ready")


class Standing:
    """An engine that has the tokens, and can stand still."""

    def __init__(self, engine, url):
        self.stand_still, self.go_on = engine.stand_still, engine.go_on
        self.url = url


@pytest.fixture(scope="module", params=["postgresql", "redis", "redis_cluster"])
def engine(request, tmp_path_factory):
    if request.param == "postgresql":
        engine = Engine()
        yield Standing(engine, engine.url("tokens"))
        engine.stop()
        return
    maker = {"redis": Redis, "redis_cluster": RedisCluster}[request.param]
    engine = maker(tmp_path_factory.mktemp(request.param))
    yield Standing(engine, engine.url)
    engine.end()


@pytest.fixture(scope="module")
def settings(engine):
    return {"stores": {"tokens": engine.url}}


@pytest.fixture(scope="module")
def stillness(server, engine, billing, inspector):
    """What was answered before, meanwhile and afterwards."""
    seen = {"used": server.assertion(billing), "unanswered": server.assertion(billing)}
    seen["token"] = server.present(seen["used"]).json["access_token"]
    engine.stand_still()
    try:
        began = time.monotonic()
        seen["grant"] = server.present(seen["unanswered"])
        seen["look_up"] = server.introspect(seen["token"], inspector)
        seen["seconds"] = time.monotonic() - began
        seen["not_ready"] = answer_of(503, lambda: readiness(server))
    finally:
        engine.go_on()
    answer_of(200, lambda: readiness(server))
    seen["fresh"] = server.grant(billing)
    seen["again"] = server.present(seen["used"])
    seen["after"] = server.introspect(seen["token"], inspector)
    return seen


def test_whoever_asks_is_told_in_time_to_come_again(stillness):
    for answer in (stillness["grant"], stillness["look_up"]):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert stillness["seconds"] < LONGEST


def test_nobody_is_told_that_a_new_assertion_was_used(stillness):
    assert REPLAYED not in stillness["grant"].text
    assert stillness["fresh"].status == 200


def test_the_server_is_not_ready_meanwhile(stillness):
    assert stillness["not_ready"].json["checks"]["tokens"] != "ok"


def test_what_was_answered_before_is_there_afterwards(stillness):
    assert stillness["after"].json["active"] is True
    assert stillness["again"].json["error_description"] == REPLAYED


@pytest.fixture(scope="module")
def lonely(servers):
    """A server whose registry's engine is gone, what it knew before, and who may ask it."""
    engine = Engine()
    server = servers.start({
        "stores": {"registry": engine.url("registry")},
        "token_services": [{}, {"path": "/api/oauth/jwt",
                                "audience": ["http://127.0.0.1:${port}/api/oauth/token"],
                                "access_token": {"format": "jwt"}}]})
    client, secret = server.register_with_both("billing", "--may-introspect")
    token = server.present(server.assertion(client), "/api/oauth/jwt").json["access_token"]
    key_set = server.exchange("GET", KEY_SET).json
    engine.halt()
    answer_of(503, lambda: readiness(server))
    yield server, client, secret, token, key_set
    engine.stop()


def test_without_the_registrys_engine_jwts_are_checked_by_its_last_snapshot(lonely):
    server, _, secret, token, key_set = lonely
    assert server.exchange("GET", KEY_SET).json == key_set
    assert server.check(token).status == 200
    assert server.introspect(token, secret).json["active"] is True
    assert readiness(server).json["checks"]["registry"] != "ok"


def test_without_the_registrys_engine_grants_go_on(lonely):
    server, client, secret, _, key_set = lonely
    answer = server.present(server.assertion(client), "/api/oauth/jwt")
    assert answer.status == 200
    assert jwt.is_signed_by(answer.json["access_token"], key_set)
    assert server.revoke(answer.json["access_token"], http.basic(*secret)).status == 200
    assert server.check(answer.json["access_token"]).status == 401
