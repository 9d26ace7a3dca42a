"""A store that is down: honest answers meanwhile, and recovery by itself."""

import contextlib
import sqlite3

import pytest

from harness import http
from harness.keys import key_of
from harness.patience import answer_of


@contextlib.contextmanager
def writing_to(file):
    """Holds the file's only write lock, as a backup gone wrong might."""
    connection = sqlite3.connect(file, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def readiness(server):
    return http.exchange(server.url, "GET", "/health/ready")


def wait_until_ready(server):
    answer_of(200, lambda: readiness(server))


def not_ready(server):
    """The answer that says so."""
    return answer_of(503, lambda: readiness(server))


@pytest.fixture(scope="module")
def interrupted(server, billing, inspector):
    """What became of requests while the token store could not be written."""
    token = server.token(billing)
    assertion = server.assertion(billing)
    with writing_to(server.installation.data / "tokens.db"):
        seen = {"grant": server.present(assertion), "ready": not_ready(server),
                "live": http.exchange(server.url, "GET", "/health/live"),
                "introspection": server.introspect(token, inspector)}
    seen["assertion"] = assertion
    return seen


def test_a_grant_is_answered_with_503_and_when_to_try_again(interrupted):
    answer = interrupted["grant"]
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert "access_token" not in answer.json


def test_the_answer_says_nothing_of_the_inside(interrupted):
    assert set(interrupted["grant"].json) == {"error", "error_description"}
    assert not any(word in interrupted["grant"].text.lower() for word in ("sqlite", ".db", "lock"))


def test_the_server_is_not_ready_but_alive(interrupted):
    assert interrupted["ready"].json["checks"]["tokens"] != "ok"
    assert interrupted["ready"].json["checks"]["registry"] == "ok"
    assert interrupted["live"].status == 200


def test_reading_goes_on(interrupted):
    assert interrupted["introspection"].json["active"] is True


def test_the_audit_log_has_the_outcome_error(server, interrupted):
    line = server.audit_line(interrupted["grant"])
    assert line["outcome"] == "error"
    assert "token_sha256_prefix" not in line


def test_the_log_names_the_request_that_failed(server, interrupted):
    assert interrupted["grant"].request_id in server.installation.log.read_text()


def test_the_server_recovers_by_itself(server, billing, interrupted):
    wait_until_ready(server)
    assert server.grant(billing).status == 200


def test_an_assertion_that_was_answered_with_503_can_be_sent_again(server, interrupted):
    wait_until_ready(server)
    assert server.present(interrupted["assertion"]).status == 200


def test_a_registry_that_cannot_be_read_leaves_what_is_known_in_force(servers):
    server = servers.make({"stores": {"registry": "file:registry.json"}})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    server.start()
    file = server.installation.data / "registry.json"
    good = file.read_text()
    file.write_text("{ this is no JSON")
    answer = not_ready(server)
    assert answer.json["checks"]["registry"] != "ok"
    assert server.grant(client).status == 200
    file.write_text(good)
    wait_until_ready(server)


def test_a_full_disk_under_the_audit_log_is_not_ready(servers):
    server = servers.start({"audit": {"file": "/dev/full"}})
    server.exchange("POST", "/api/oauth/token", "", http.FORM)
    answer = not_ready(server)
    assert answer.json["checks"]["audit"] != "ok"


def test_a_store_that_cannot_be_opened_is_said_at_the_start(servers):
    server = servers.make()
    server.installation.data.mkdir()
    (server.installation.data / "tokens.db").mkdir()
    server.launch()
    assert server.end() == 1
    assert "tokens.db" in server.installation.log.read_text()
