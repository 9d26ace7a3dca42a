"""When an assertion is good: `exp`, `nbf`, `iat`, the clock skew and the longest life.

The offsets stay ten seconds away from each edge, which unit tests try to the microsecond.
"""

import json
import time

import pytest

from harness.assertions import ABSENT
from harness.keys import key_of

SKEW = 30
LONGEST_LIFE = 300
SLACK = 10
HOUR = 3600


@pytest.mark.parametrize("claim, offset", [
    ("exp", -SKEW + SLACK), ("exp", LONGEST_LIFE + SKEW - SLACK),
    ("nbf", SKEW - SLACK), ("nbf", -HOUR), ("iat", SKEW - SLACK), ("iat", -HOUR)])
def test_a_time_within_the_skew_is_accepted(server, billing, claim, offset):
    assert server.grant(billing, **{claim: int(time.time()) + offset}).status == 200


@pytest.mark.parametrize("claim, offset, reason", [
    ("exp", -SKEW - SLACK, "expired"),
    ("exp", -HOUR, "expired"),
    ("exp", LONGEST_LIFE + SKEW + SLACK, "life_too_long"),
    ("exp", 100 * 365 * 24 * HOUR, "life_too_long"),
    ("nbf", SKEW + SLACK, "not_yet_valid"),
    ("iat", SKEW + SLACK, "issued_in_future")])
def test_a_time_beyond_the_skew_is_refused(server, billing, claim, offset, reason):
    answer = server.grant(billing, **{claim: int(time.time()) + offset})
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == reason


def test_fractions_of_seconds_are_numbers_too(server, billing):
    now = time.time()
    assert server.grant(billing, iat=now, nbf=now - 0.5, exp=now + 60.25).status == 200


def test_an_expiry_is_required(server, billing):
    assert server.reason(server.grant(billing, exp=ABSENT)) == "expiry_missing"


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_the_other_times_can_be_left_out(server, billing, claim):
    assert server.grant(billing, **{claim: ABSENT}).status == 200


NOW = int(time.time())


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", [
    f'"{NOW}"', '"2030-01-01T00:00:00Z"', "null", "true", f"[{NOW}]", "{}", "-1",
    "9007199254740993", "1e308", "1e400", "NaN", "Infinity", "0x70000000"])
def test_a_time_that_is_no_numeric_date_is_refused(server, billing, claim, value):
    claims = billing.claims(server.audience(), **{claim: "a time"})
    text = json.dumps(claims).replace('"a time"', value)
    answer = server.present(billing.sign(billing.header(), text))
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "claims_malformed"


@pytest.fixture(scope="module")
def short(servers):
    """A service that is stricter than the default one."""
    return servers.start({"token_services": [{"longest_assertion_life": "60s", "clock_skew": "5s"}]})


def life_of(answer, server):
    """What the audit log says of a life that was too long."""
    line = server.audit_line(answer)
    assert line["reason"] == "life_too_long"
    return line["detail"]


def test_a_service_has_its_own_longest_life(short):
    client = short.register("ordinary", key_of("P-256"), algorithm="ES256")
    assert short.grant(client, exp=int(time.time()) + 55).status == 200
    detail = life_of(short.grant(client, exp=int(time.time()) + 120), short)
    assert "60 s" in detail


def test_a_service_has_its_own_clock_skew(short):
    client = short.register("late", key_of("P-256"), algorithm="ES256")
    assert short.reason(short.grant(client, exp=int(time.time()) - SKEW + SLACK)) == "expired"


def test_an_application_has_its_own_longest_life(short):
    client = short.register("patient", key_of("P-256"), "--longest-assertion-life", "3600",
                            algorithm="ES256")
    assert short.grant(client, exp=int(time.time()) + HOUR).status == 200
    assert short.grant(client, exp=int(time.time()) + 2 * HOUR).status == 400


def test_an_application_can_be_held_to_a_shorter_life(server):
    client = server.register("hasty", key_of("P-256"), "--longest-assertion-life", "20",
                             algorithm="ES256")
    assert server.grant(client, exp=int(time.time()) + 20).status == 200
    life_of(server.grant(client, exp=int(time.time()) + 120), server)


def test_the_reason_of_a_life_too_long_names_both_figures(server, billing):
    detail = life_of(server.grant(billing, exp=int(time.time()) + HOUR), server)
    assert "300 s" in detail
    assert "3600 s" in detail or "3599 s" in detail
