"""A service that goes on minting JWTs while the token store is away, because it was told to."""

import contextlib
import sqlite3

import pytest

from harness import http, jwt
from harness.patience import answer_of, eventually
from harness.postgresql import Engine
from harness.redis import Redis

STRICT = "/api/oauth/strict"  # a service that does not


class LockedFile:
    """SQLite, whose write lock somebody keeps."""

    url = "sqlite:tokens.db"

    def __init__(self):
        self._lock = contextlib.ExitStack()

    def go_away(self, server):
        connection = sqlite3.connect(server.installation.data / "tokens.db", isolation_level=None)
        self._lock.enter_context(contextlib.closing(connection))
        connection.execute("BEGIN IMMEDIATE")

    def come_back(self):
        self._lock.close()

    end = come_back


class KilledRedis:
    def __init__(self, folder):
        self._redis = Redis(folder)
        self.url = self._redis.url

    def go_away(self, _):
        self._redis.kill()

    def come_back(self):
        self._redis.start_again()

    def end(self):
        self._redis.end()


class HaltedPostgres:
    def __init__(self):
        self._engine = Engine()
        self.url = self._engine.url("tokens")

    def go_away(self, _):
        self._engine.halt()

    def come_back(self):
        self._engine.resume()

    def end(self):
        self._engine.stop()


@pytest.fixture(scope="module", params=["sqlite", "redis", "postgresql"])
def store(request, tmp_path_factory):
    made = {"sqlite": LockedFile, "postgresql": HaltedPostgres,
            "redis": lambda: KilledRedis(tmp_path_factory.mktemp("redis"))}[request.param]()
    yield made
    made.end()


@pytest.fixture(scope="module")
def settings(store):
    service = {"audience": ["http://127.0.0.1:${port}/api/oauth/token"],
               "parameters": {"tenant": "acme"}, "refresh_token": {"issue": True}}
    jwts = {"format": "jwt", "claims": ["tenant"]}
    return {"stores": {"tokens": store.url},
            "token_services": [{**service, "access_token": {**jwts, "store_outage": "mint"}},
                               {**service, "access_token": jwts, "path": STRICT}]}


@pytest.fixture(scope="module")
def outage(server, store, billing, inspector):
    """What was answered before the store was away, meanwhile, and after."""
    seen = {"key_set": http.exchange(server.url, "GET", "/api/oauth/jwks.json").json}
    seen["before"] = server.grant(billing)
    assertion = server.assertion(billing)
    store.go_away(server)
    not_ready = answer_of(503, lambda: http.exchange(server.url, "GET", "/health/ready"))
    seen["not_ready"] = not_ready
    seen["grant"] = server.present(assertion)
    seen["again"] = server.present(assertion)
    seen["strict"] = server.present(server.assertion(billing), path=STRICT)
    token = seen["grant"].json["access_token"]
    seen["introspection"] = server.introspect(token, inspector)
    seen["check"] = server.check(token)
    seen["warnings"] = server.metric("assay_warnings_total", warning="token_not_stored")
    store.come_back()
    answer_of(200, lambda: http.exchange(server.url, "GET", "/health/ready"))
    seen["after"] = server.grant(billing)
    return seen


def test_an_outage_gives_a_jwt_that_says_so(outage):
    assert outage["grant"].status == 200
    claims = jwt.verified_claims(outage["grant"].json["access_token"], outage["key_set"])
    assert claims["unstored"] == {"service": "/api/oauth/token", "token_type": "Bearer"}
    assert claims["tenant"] == "acme"


def test_there_is_no_refresh_token_that_nobody_could_redeem(outage):
    assert "refresh_token" in outage["before"].json
    assert "refresh_token" not in outage["grant"].json


def test_the_assertion_is_not_remembered_and_audit_and_metrics_say_so(server, outage):
    assert outage["again"].status == 200
    for name in ("grant", "again"):
        line = server.audit_line(outage[name])
        assert line["warning"] == "token_not_stored" and line["outcome"] == "granted"
    assert outage["warnings"] == 2


def test_another_service_still_refuses(server, outage):
    assert outage["strict"].status == 503
    assert int(outage["strict"].headers["Retry-After"]) > 0
    assert server.audit_line(outage["strict"])["outcome"] == "error"


def test_the_server_is_not_ready(outage):
    assert outage["not_ready"].json["checks"]["tokens"] != "ok"


def test_the_token_is_checked_without_the_store(outage):
    assert outage["check"].status == 200
    members = outage["introspection"].json
    assert members["active"] and members["tenant"] == "acme"
    assert members["jti"] == jwt.claims_of(outage["grant"].json["access_token"])["jti"]


def test_all_is_stored_again_afterwards(server, outage, inspector):
    claims = jwt.claims_of(outage["after"].json["access_token"])
    assert "unstored" not in claims
    assert "refresh_token" in outage["after"].json
    assert "warning" not in server.audit_line(outage["after"])


def test_the_token_is_good_afterwards_and_cannot_be_revoked_by_itself(server, outage, billing,
                                                                      inspector):
    token = outage["grant"].json["access_token"]
    assert server.introspect(token, inspector).json["active"]
    answer = server.revoke(token, **server.client_assertion(billing))
    assert (answer.status, answer.json["error"]) == (400, "unsupported_token_type")
    assert server.reason(answer) == "token_unstored"


def test_it_is_revoked_with_all_of_its_application(server, outage, billing, inspector):
    token = outage["grant"].json["access_token"]
    outcome = server.installation.run("token", "revoke", "--app", billing.id)
    assert outcome.status == 0, outcome.err
    eventually(lambda: not server.introspect(token, inspector).json["active"])
    assert server.check(token).status == 401
