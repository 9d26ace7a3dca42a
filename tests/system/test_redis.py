"""Tokens in a Redis: shared by nodes, honest while it is down, silent about its password."""

import pytest

from harness import http
from harness.patience import answer_of
from harness.redis import Redis


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    redis = Redis(tmp_path_factory.mktemp("redis"))
    yield redis
    redis.end()


@pytest.fixture(scope="module")
def settings(redis):
    return {"stores": {"tokens": redis.url}}


def readiness(server):
    return http.exchange(server.url, "GET", "/health/ready")


def is_live(server, token, inspector):
    return server.introspect(token, inspector).json["active"]


def test_a_token_is_found_and_its_assertion_is_used_once(server, billing, inspector):
    assertion = server.assertion(billing)
    token = server.present(assertion).json["access_token"]
    assert is_live(server, token, inspector)
    assert server.present(assertion).json["error"] == "invalid_grant"


def test_the_command_line_counts_what_the_server_issued(server, billing):
    server.token(billing)
    outcome = server.installation.run("token", "count", "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.json["access"] > 0


def test_the_log_says_what_is_promised_and_not_the_password(server):
    log = server.installation.log.read_text()
    assert "appendfsync always" in log
    assert Redis.PASSWORD not in log


def test_what_was_answered_outlives_the_redis(server, redis, billing, inspector):
    assertion = server.assertion(billing)
    token = server.present(assertion).json["access_token"]
    redis.kill()
    down = server.grant(billing)
    not_ready = answer_of(503, lambda: readiness(server))
    redis.start_again()
    answer_of(200, lambda: readiness(server))

    assert down.status == 503
    assert "edis" not in down.text
    assert not_ready.json["checks"]["tokens"] != "ok"
    assert is_live(server, token, inspector)
    assert server.present(assertion).json["error"] == "invalid_grant"
    assert Redis.PASSWORD not in server.installation.log.read_text()


def test_a_redis_that_evicts_makes_the_server_unready(server, redis):
    redis.ask("CONFIG", "SET", "maxmemory-policy", "volatile-lru")
    answer_of(503, lambda: readiness(server))
    redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    answer_of(200, lambda: readiness(server))


def test_the_server_does_not_start_with_a_redis_that_evicts(servers, redis, settings):
    redis.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    server = servers.make(settings)
    server.launch()
    status = server.end()
    redis.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    log = server.installation.log.read_text()
    assert status != 0
    assert "noeviction" in log
    assert Redis.PASSWORD not in log


@pytest.mark.parametrize("broken", [
    lambda url: url.replace("hush-hush", "wrong-one"),
    lambda url: url + "&nothing=1",
    lambda url: url.replace("127.0.0.1", ""),
])
def test_a_url_that_is_wrong_is_not_shown(servers, settings, broken):
    url = broken(settings["stores"]["tokens"])
    server = servers.make({"stores": {"tokens": url}})
    server.launch()
    assert server.end() != 0
    log = server.installation.log.read_text()
    assert "stores.tokens" in log or "WRONGPASS" in log or "Redis" in log
    assert "hush" not in log and "wrong-one" not in log
