"""`assay token`: get, count, revoke and purge."""

import pytest

from harness.installation import run
from harness.keys import key_of
from harness.patience import eventually


@pytest.fixture(scope="module")
def settings():
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    return {"token_services": [
        {}, {"path": "/refreshed", "audience": audience, "refresh_token": {"issue": True}}]}


@pytest.fixture(scope="module")
def token(server):
    """Runs one of the group's commands on the running server's store."""
    return lambda *arguments, **more: server.installation.run("token", *arguments, **more)


@pytest.fixture(scope="module")
def key_file(server, billing):
    return server.installation.file("key.pem", billing.key.private_pem())


def request(server, key_file, *options):
    return run("token", "request", "--url", server.audience(), "--key", key_file, "--iss",
               "billing", *options)


def test_request_signs_and_fetches(server, key_file, inspector):
    outcome = request(server, key_file, "--scope", "invoices.write")
    assert outcome.status == 0
    assert outcome.json["scope"] == "invoices.write"
    assert server.introspect(outcome.json["access_token"], inspector).json["active"]


def test_request_names_the_apis_that_the_token_is_for(server, key_file):
    assert request(server, key_file, "--resource", server.url).status == 0
    outcome = request(server, key_file, "--resource", server.url, "--resource", "urn:other")
    assert (outcome.status, outcome.json["error"]) == (1, "invalid_target")


def test_a_refused_request_says_where_to_look(server, key_file):
    outcome = request(server, key_file, "--aud", "elsewhere")
    assert outcome.status == 1
    assert outcome.json["error"] == "invalid_grant"
    request_id = outcome.err.split()[-1]
    line = eventually(lambda: server.find_audit_line(request_id))
    assert line["reason"] == "audience_mismatch"


def test_a_server_that_is_not_there_is_named(key_file):
    outcome = run("token", "request", "--url", "http://127.0.0.1:1/token", "--key", key_file,
                  "--iss", "x")
    assert outcome.status == 1
    assert "127.0.0.1:1" in outcome.err


def test_count_counts_by_application(server, token):
    client = server.register("counted", key_of("P-256"), algorithm="ES256")
    assert token("count", "--app", "counted", "--json").json == {"access": 0, "refresh": 0}
    all_before = token("count", "--json").json["access"]
    for _ in range(3):
        server.token(client)
    server.present(server.assertion(client), "/refreshed")
    assert token("count", "--app", "counted", "--json").json == {"access": 4, "refresh": 1}
    assert token("count", "--json").json["access"] == all_before + 4
    assert token("count", "--app", "nobody", "--json").json == {"access": 0, "refresh": 0}


def test_revoke_ends_a_token_at_once(server, token, billing, inspector):
    text = server.token(billing)
    assert token("revoke", text).status == 0
    assert server.introspect(text, inspector).json == {"active": False}
    assert token("revoke", text).status == 1


def test_a_token_to_revoke_can_come_from_standard_input(server, token, billing, inspector):
    for dash in (["-"], []):
        text = server.token(billing)
        assert token("revoke", *dash, stdin=text + "\n").status == 0
        assert server.introspect(text, inspector).json == {"active": False}


def test_a_token_that_nobody_issued_cannot_be_revoked(token):
    outcome = token("revoke", "A" * 54)
    assert outcome.status == 1
    assert "A" * 54 not in outcome.err


def test_purge_leaves_what_is_live(server, token, billing, inspector):
    text = server.token(billing)
    outcome = token("purge", "--json")
    assert outcome.status == 0
    assert set(outcome.json) == {"tokens", "claims"}
    assert server.introspect(text, inspector).json["active"]


@pytest.mark.parametrize("arguments", [["count"], ["revoke", "x"], ["purge"]], ids=" ".join)
def test_tokens_in_memory_are_the_running_servers_alone(servers, arguments):
    installation = servers.install({"stores": {"tokens": "memory:"}})
    outcome = installation.run("token", *arguments)
    assert outcome.status == 1
    assert "only the running server holds them" in outcome.err


def test_tokens_in_memory_are_issued_and_end_with_the_server(servers):
    server = servers.start({"stores": {"tokens": "memory:"}, "issuer": "https://stays.example"})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    caller = server.register_with_secret("caller", "--may-introspect")
    text = server.token(client)
    assert server.introspect(text, caller).json["active"]
    assertion = server.assertion(client)
    assert [server.present(assertion).status for _ in range(2)] == [200, 400]
    server.stop()
    server.start()
    assert server.introspect(text, caller).json == {"active": False}
