"""`assay explain`: every gate at once, where the endpoint stops at the first that is shut."""

import datetime
import time

import pytest

from harness.assertions import ABSENT
from harness.installation import ORIGIN
from harness.keys import key_of

GATES = ["form", "issuer", "application", "key", "algorithm", "signature", "type", "audience",
         "expiry", "life", "not_before", "issued_at", "subject", "jti", "grant", "scope", "replay"]

STRICT = "/strict/token"


@pytest.fixture(scope="module")
def settings():
    audience = [ORIGIN + "/api/oauth/token"]
    return {"token_services": [
        {}, {"path": STRICT, "audience": audience, "require_jti": True, "scope_match": "all"}]}


@pytest.fixture(scope="module")
def explain(server):
    """What it prints as JSON of an assertion, and its exit status."""
    def run(assertion, *options, stdin=""):
        outcome = server.installation.run("explain", assertion, "--json", *options, stdin=stdin)
        assert outcome.err == ""
        assert (outcome.status == 0) == outcome.json["granted"]
        return outcome.json
    return run


def states(explanation):
    return {gate["gate"]: gate["state"] for gate in explanation["gates"]}


def failures(explanation):
    return {gate["gate"]: gate["reason"] for gate in explanation["gates"]
            if gate["state"] == "failed"}


def test_a_good_assertion_passes_every_gate(server, billing, explain):
    explanation = explain(server.assertion(billing))
    assert explanation["granted"] is True
    assert explanation["scope"] == "invoices.read"
    assert states(explanation) == dict.fromkeys(GATES, "passed")


def test_the_gates_stand_in_the_order_of_the_endpoint(server, billing, explain):
    explanation = explain(server.assertion(billing))
    assert [gate["gate"] for gate in explanation["gates"]] == GATES


def test_a_replay_is_looked_at_and_never_claimed(server, billing, explain):
    assertion = server.assertion(billing)
    for _ in range(3):
        assert explain(assertion)["granted"] is True
    assert server.present(assertion).status == 200
    assert failures(explain(assertion)) == {"replay": "assertion_replayed"}


def with_claims(**claims):
    return lambda server, client: server.assertion(client, **claims)


def with_header(**header):
    return lambda server, client: server.assertion(client, header)


NOW = int(time.time())

FAILURES = {
    "audience_mismatch": ("audience", with_claims(aud="elsewhere")),
    "audience_missing": ("audience", with_claims(aud=ABSENT)),
    "expired": ("expiry", with_claims(exp=NOW - 3600)),
    "expiry_missing": ("expiry", with_claims(exp=ABSENT)),
    "life_too_long": ("life", with_claims(exp=NOW + 7200)),
    "not_yet_valid": ("not_before", with_claims(nbf=NOW + 3600)),
    "issued_in_future": ("issued_at", with_claims(iat=NOW + 3600)),
    "subject_not_allowed": ("subject", with_claims(sub="nobody")),
    "scope_not_allowed": ("scope", with_claims(scope="payroll")),
    "type_unexpected": ("type", with_header(typ="at+jwt")),
    "key_unsuitable": ("key", with_header(alg="RS256")),
    "signature_invalid": (
        "signature", lambda server, client: server.assertion(client)[:-8] + "AAAAAAAA"),
}


@pytest.mark.parametrize("reason", FAILURES)
def test_one_gate_is_shut_and_the_reason_is(server, billing, explain, reason):
    gate, make = FAILURES[reason]
    assertion = make(server, billing)
    explanation = explain(assertion)
    assert explanation["granted"] is False
    assert failures(explanation) == {gate: reason}
    assert server.reason(server.present(assertion)) == reason


def test_all_that_is_wrong_is_said_at_once(server, billing, explain):
    assertion = server.assertion(billing, aud="elsewhere", exp=NOW - 3600, sub="nobody")
    assert failures(explain(assertion)) == {
        "audience": "audience_mismatch", "expiry": "expired", "subject": "subject_not_allowed"}


def test_expected_and_found_are_said(server, billing, explain):
    explanation = explain(server.assertion(billing, exp=NOW + 7200))
    gate = next(gate for gate in explanation["gates"] if gate["gate"] == "life")
    assert "300 s" in gate["expected"]
    assert "s ahead" in gate["found"]


def test_what_cannot_be_judged_is_not_reached(server, stranger, explain):
    """Of a stranger nobody can say which keys, subjects or scopes are his, nor what he used."""
    explanation = explain(server.assertion(stranger))
    assert failures(explanation) == {"issuer": "issuer_unknown"}
    not_reached = {gate for gate, state in states(explanation).items() if state == "not reached"}
    assert not_reached == {"application", "key", "algorithm", "signature", "subject", "grant",
                           "scope", "replay"}


def test_of_what_is_no_jwt_nothing_else_is_judged(explain):
    explanation = explain("nonsense")
    assert failures(explanation) == {"form": "assertion_malformed"}
    assert set(states(explanation).values()) == {"failed", "not reached"}


def test_a_disabled_application_is_seen(server, explain):
    client = server.register("asleep", key_of("P-256"), algorithm="ES256")
    server.installation.run("app", "disable", "asleep")
    assert failures(explain(server.assertion(client))) == {"application": "application_disabled"}


def test_a_grant_that_is_not_allowed_is_seen(server, explain):
    client = server.register("refresher", key_of("P-256"), "--grant", "refresh_token",
                             algorithm="ES256")
    assert failures(explain(server.assertion(client))) == {"grant": "grant_not_allowed"}


def test_an_algorithm_that_is_not_allowed_is_seen(server, explain):
    client = server.register("narrow", key_of("P-256"), algorithm="ES256")
    server.installation.run("app", "update", "narrow", "--alg", "RS256")
    assert failures(explain(server.assertion(client)))["algorithm"] == "algorithm_not_allowed"


def test_it_can_be_judged_as_of_another_time(server, billing, explain):
    assertion = server.assertion(billing)
    in_an_hour = datetime.datetime.utcnow() + datetime.timedelta(hours=1)
    explanation = explain(assertion, "--at", in_an_hour.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert failures(explanation) == {"expiry": "expired"}


def test_a_time_that_is_none_is_wrong_usage(server, billing):
    outcome = server.installation.run("explain", "a.b.c", "--at", "tomorrow")
    assert outcome.status == 2


def test_the_scope_of_the_request_counts(server, billing, explain):
    assertion = server.assertion(billing)
    assert explain(assertion, "--scope", "invoices.write payroll")["scope"] == "invoices.write"
    assert failures(explain(assertion, "--scope", "payroll")) == {"scope": "scope_not_allowed"}


def test_another_service_can_be_asked(server, billing, explain):
    assertion = server.assertion(billing, jti=ABSENT)
    assert explain(assertion)["granted"] is True
    assert failures(explain(assertion, "--service", STRICT)) == {"jti": "jti_missing"}
    outcome = server.installation.run("explain", assertion, "--service", "/nowhere")
    assert outcome.status == 1
    assert "/nowhere" in outcome.err


def test_without_json_it_is_written_for_people(server, billing):
    good = server.installation.run("explain", server.assertion(billing))
    assert good.status == 0
    assert "would be granted" in good.out
    bad = server.installation.run("explain", server.assertion(billing, aud="elsewhere"))
    assert bad.status == 1
    assert "audience_mismatch" in bad.out and "elsewhere" in bad.out
    assert "would be refused" in bad.out


def test_an_assertion_can_come_from_standard_input(server, billing, explain):
    assertion = server.assertion(billing)
    assert explain("-", stdin=assertion + "\n")["granted"] is True


def test_it_does_not_repeat_the_assertion(server, billing):
    assertion = server.assertion(billing, aud="elsewhere")
    outcome = server.installation.run("explain", assertion)
    assert assertion.split(".")[2] not in outcome.out
    assert assertion.split(".")[1] not in outcome.out


def test_of_tokens_in_memory_only_the_server_knows_what_was_used(servers):
    server = servers.start({"stores": {"tokens": "memory:"}})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    outcome = server.installation.run("explain", server.assertion(client), "--json")
    assert outcome.status == 0
    assert states(outcome.json)["replay"] == "not reached"
