"""On whose behalf an assertion may be made."""

import pytest

from harness.assertions import ABSENT
from harness.keys import key_of


@pytest.fixture(scope="module")
def agency(server):
    """Speaks for two subjects."""
    return server.register("agency", key_of("P-256", "agency"), "--subject", "alice",
                           "--subject", "build/42", algorithm="ES256")


def subject_of(server, client, inspector, **claims):
    return server.introspect(server.token(client, **claims), inspector).json["sub"]


def test_without_a_subject_it_is_the_application_itself(server, agency, inspector):
    assert subject_of(server, agency, inspector, sub=ABSENT) == "agency"


@pytest.mark.parametrize("subject", ["agency", "alice", "build/42"])
def test_a_subject_is_accepted_that_is_registered_or_the_application(
        server, agency, inspector, subject):
    assert subject_of(server, agency, inspector, sub=subject) == subject


@pytest.mark.parametrize("subject", ["bob", "Alice", "alice ", "ali", "billing"])
def test_another_subject_is_refused(server, agency, subject):
    answer = server.grant(agency, sub=subject)
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "subject_not_allowed"


def test_the_subjects_of_another_application_are_not_ours(server, agency, billing):
    assert server.reason(server.grant(billing, sub="alice")) == "subject_not_allowed"


@pytest.mark.parametrize("subject", ["", 7, None, ["alice"]])
def test_a_subject_must_be_a_string_with_something_in_it(server, agency, subject):
    assert server.reason(server.grant(agency, sub=subject)) == "claims_malformed"


def test_a_service_can_require_a_subject(servers):
    server = servers.start({"token_services": [{"require_subject": True}]})
    client = server.register("agency", key_of("P-256"), algorithm="ES256")
    assert server.grant(client, sub="agency").status == 200
    assert server.reason(server.grant(client, sub=ABSENT)) == "subject_missing"


@pytest.mark.parametrize("issuer, reason", [
    (ABSENT, "issuer_missing"), ("", "claims_malformed"), (7, "claims_malformed"),
    (None, "claims_malformed")])
def test_an_issuer_is_required(server, billing, issuer, reason):
    answer = server.grant(billing, iss=issuer)
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == reason
