"""Which of an application's keys an assertion is verified with."""

import datetime
import json

import pytest

from harness.assertions import Client
from harness.keys import ONE_DAY, key_of, make_key

# More than the eight that are tried without a `kid`.
MANY = [make_key("P-256") for _ in range(10)]


def rfc3339(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def entry(key, **members):
    return {"jwk": json.loads(key.jwk()), **members}


def applications():
    now = datetime.datetime.utcnow()
    first, second = key_of("P-256", "first"), key_of("P-256", "second")
    keys = {
        "rotating": [entry(first, kid="first"), entry(second, kid="second")],
        "neighbour": [entry(first, kid="neighbour's")],
        "unnamed": [entry(first)],
        "mixed": [entry(key_of("RSA"), kid="rsa"), entry(first, kid="ec")],
        "many": [entry(key, kid=f"key-{index}") for index, key in enumerate(MANY)],
        "keyless": [],
        "switched off": [entry(first, kid="first", enabled=False), entry(second, kid="second")],
        "ending": [entry(first, kid="first", not_after=rfc3339(now - ONE_DAY)),
                   entry(second, kid="second", not_after=rfc3339(now + ONE_DAY))],
        "certified": [{"pem": first.certificate(-2 * ONE_DAY, -ONE_DAY), "kid": "over"},
                      {"pem": first.certificate(ONE_DAY, 2 * ONE_DAY), "kid": "to come"},
                      {"pem": second.certificate(), "kid": "valid"}],
    }
    return {"applications": [{"client_id": name.replace(" ", "-"), "keys": entries}
                             for name, entries in keys.items()]}


@pytest.fixture(scope="module")
def server(servers):
    server = servers.make()
    file = server.installation.file("applications.json", json.dumps(applications()))
    assert server.installation.run("app", "import", file).status == 0
    return server.start()


def signed_by(name, client_id="rotating", kid=None):
    return Client(client_id, key_of("P-256", name), "ES256", kid)


@pytest.mark.parametrize("name", ["first", "second"])
def test_several_keys_are_live_at_once(server, name):
    assert server.grant(signed_by(name, kid=name)).status == 200


@pytest.mark.parametrize("name", ["first", "second"])
def test_without_a_kid_the_keys_of_the_right_type_are_tried(server, name):
    assert server.grant(signed_by(name)).status == 200


def test_a_kid_that_names_another_key_is_believed(server):
    answer = server.grant(signed_by("first", kid="second"))
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "signature_invalid"


@pytest.mark.parametrize("kid", ["third", "First", "neighbour's", "../first", "' OR 1=1 --"])
def test_an_unknown_kid_is_refused(server, kid):
    assert server.reason(server.grant(signed_by("first", kid=kid))) == "key_unknown"


def test_a_key_without_a_kid_contradicts_none(server):
    assert server.grant(signed_by("first", "unnamed", kid="my own name")).status == 200


def test_the_algorithm_chooses_among_keys_of_several_types(server):
    assert server.grant(signed_by("first", "mixed")).status == 200
    assert server.grant(Client("mixed", key_of("RSA"), "PS384")).status == 200


def test_a_kid_is_no_way_to_a_key_of_another_type(server):
    answer = server.grant(signed_by("first", "mixed", kid="rsa"))
    assert server.reason(answer) == "key_unsuitable"


def test_without_a_kid_at_most_eight_keys_are_tried(server):
    assert server.grant(Client("many", MANY[7], "ES256")).status == 200
    answer = server.grant(Client("many", MANY[8], "ES256"))
    assert server.reason(answer) == "signature_invalid"
    assert server.grant(Client("many", MANY[9], "ES256", kid="key-9")).status == 200


def test_an_application_without_keys_proves_nothing(server):
    assert server.reason(server.grant(signed_by("first", "keyless"))) == "key_unknown"


@pytest.mark.parametrize("client_id, kid, reason", [
    ("switched-off", "first", "key_disabled"),
    ("ending", "first", "key_expired"),
    ("certified", "over", "key_expired"),
    ("certified", "to come", "key_expired")])
def test_a_key_that_is_not_live_is_refused(server, client_id, kid, reason):
    answer = server.grant(signed_by("first", client_id, kid))
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == reason


@pytest.mark.parametrize("client_id", ["switched-off", "ending", "certified"])
def test_a_key_that_is_not_live_is_not_tried_without_a_kid_either(server, client_id):
    assert server.reason(server.grant(signed_by("first", client_id))) == "signature_invalid"


@pytest.mark.parametrize("client_id, kid", [
    ("switched-off", "second"), ("ending", "second"), ("certified", "valid")])
def test_a_live_key_beside_it_is_good(server, client_id, kid):
    assert server.grant(signed_by("second", client_id, kid)).status == 200
    assert server.grant(signed_by("second", client_id)).status == 200


@pytest.mark.parametrize("kid", ["", 7, None, "k" * 257, "a\u0000b", "a\nb"],
                         ids=["empty", "a number", "null", "too long", "a NUL", "two lines"])
def test_a_kid_is_malformed_that_is(server, kid):
    answer = server.grant(signed_by("first"), header={"kid": kid})
    assert server.reason(answer) == "header_malformed"


def test_the_audit_log_names_the_key_that_verified(server):
    line = server.audit_line(server.grant(signed_by("second", kid="second")))
    assert line["key_id"] == "second"


REFUSED_KEYS = {
    "an RSA key below 2048 bits": make_key("RSA", 1024).jwk(),
    "a private key": key_of("P-256").private_jwk(),
    "a symmetric key": json.dumps({"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}),
    "a key for encryption": key_of("RSA").jwk(use="enc"),
    "a point off the curve": json.dumps({**json.loads(key_of("P-256").jwk()),
                                         "x": json.loads(key_of("P-256", "first").jwk())["x"]}),
    "an algorithm of another type": key_of("RSA").jwk(alg="ES256"),
    "no key at all": "{}",
}


@pytest.mark.parametrize("jwk", REFUSED_KEYS.values(), ids=REFUSED_KEYS)
def test_registration_refuses(server, jwk):
    file = server.installation.file("refused.jwk", jwk)
    outcome = server.installation.run("app", "create", "--id", "refused", "--jwk", file)
    assert outcome.status == 1
    assert server.installation.run("app", "show", "refused").status == 1


def test_registration_refuses_the_certificate_of_a_weak_key(server):
    file = server.installation.file("weak.pem", make_key("RSA", 1024).certificate())
    assert server.installation.run("app", "create", "--id", "weak", "--cert", file).status == 1
