"""An assertion with a `jti` is good for one token."""

import concurrent.futures
import threading
import time

import pytest

from harness.assertions import ABSENT
from harness.keys import key_of

OTHER_PATH = "/other/token"
ORIGIN = "http://127.0.0.1:${port}"


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [{"audience": [ORIGIN + "/api/oauth/token"]},
                               {"path": OTHER_PATH, "audience": [ORIGIN + "/api/oauth/token"]}]}


@pytest.fixture(scope="module")
def shipping(server):
    return server.register("shipping", key_of("P-256", "shipping"), algorithm="ES256")


def check_replayed(server, answer):
    assert answer.status == 400
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "assertion_replayed"


def test_a_second_use_is_refused(server, billing):
    assertion = server.assertion(billing)
    assert server.present(assertion).status == 200
    check_replayed(server, server.present(assertion))


def test_another_assertion_with_the_same_jti_is_refused(server, billing):
    assert server.grant(billing, jti="again").status == 200
    check_replayed(server, server.grant(billing, jti="again", exp=int(time.time()) + 200))


def test_a_signature_of_another_form_does_not_make_it_new(server, billing):
    """ECDSA signatures differ each time: what is remembered must not be the text."""
    first, second = (server.assertion(billing, jti="signed twice", iat=1, exp=int(time.time()) + 60)
                     for _ in range(2))
    assert first != second
    assert server.present(first).status == 200
    check_replayed(server, server.present(second))


def test_a_jti_is_compared_to_the_letter(server, billing):
    assert server.grant(billing, jti="Letter").status == 200
    assert server.grant(billing, jti="letter").status == 200


def test_the_jti_of_another_issuer_is_another_one(server, billing, shipping):
    assert server.grant(billing, jti="shared").status == 200
    assert server.grant(shipping, jti="shared").status == 200


def test_the_jti_at_another_service_is_another_one(server, billing):
    assertion = server.assertion(billing)
    assert server.present(assertion).status == 200
    assert server.present(assertion, OTHER_PATH).status == 200
    check_replayed(server, server.present(assertion, OTHER_PATH))


def test_without_a_jti_an_assertion_can_be_used_again(server, billing):
    assertion = server.assertion(billing, jti=ABSENT)
    assert server.present(assertion).status == 200
    assert server.present(assertion).status == 200


def test_a_request_that_is_refused_leaves_the_jti_unused(server, billing):
    assertion = server.assertion(billing)
    assert server.present(assertion, scope="payroll.write").json["error"] == "invalid_scope"
    assert server.present(assertion).status == 200


def test_a_forged_assertion_leaves_the_jti_unused(server, billing, stranger):
    forged = server.grant(stranger, iss="billing", jti="wanted")
    assert forged.json["error"] == "invalid_grant"
    assert server.grant(billing, jti="wanted").status == 200


def test_of_equal_assertions_at_the_same_instant_exactly_one_gets_a_token(server, billing):
    for _ in range(5):
        assertion = server.assertion(billing)
        callers = 16
        together = threading.Barrier(callers)

        def present():
            together.wait()
            return server.present(assertion).status

        with concurrent.futures.ThreadPoolExecutor(callers) as pool:
            statuses = [each.result() for each in [pool.submit(present) for _ in range(callers)]]
        assert sorted(statuses) == [200] + [400] * (callers - 1)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_second_use_is_refused_after_a_restart(servers, end):
    server = servers.start({"token_services": [{"audience": ["the same after a restart"]}]})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    assertion = server.assertion(client, aud="the same after a restart")
    assert server.present(assertion).status == 200
    getattr(server, end)()
    server.start()
    check_replayed(server, server.present(assertion))


@pytest.mark.parametrize("jti, reason", [
    ("j" * 257, "claims_malformed"), ("", "claims_malformed"), (7, "claims_malformed"),
    (None, "claims_malformed"), ("a\nb", "claims_malformed")],
    ids=["too long", "empty", "a number", "null", "two lines"])
def test_a_jti_is_refused_that_is(server, billing, jti, reason):
    assert server.reason(server.grant(billing, jti=jti)) == reason


def test_a_jti_of_the_greatest_length_is_accepted(server, billing):
    assert server.grant(billing, jti="j" * 256).status == 200


def test_an_application_can_require_a_jti(server):
    client = server.register("strict", key_of("P-256"), "--require-jti", algorithm="ES256")
    assert server.grant(client).status == 200
    assert server.reason(server.grant(client, jti=ABSENT)) == "jti_missing"


def test_a_service_can_require_a_jti(servers):
    server = servers.start({"token_services": [{"require_jti": True}]})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    assert server.grant(client).status == 200
    assert server.reason(server.grant(client, jti=ABSENT)) == "jti_missing"
