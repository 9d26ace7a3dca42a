"""What is not a JWT that an application signed, in all the ways that were ever tried."""

import hashlib
import hmac
import json

import pytest

from harness.assertions import ABSENT, Client, signing_input
from harness.keys import base64url, key_of
from harness.patience import answer_of


@pytest.fixture(scope="module")
def victim(server):
    """Has an RSA key, which is the one that HMAC confusion wants."""
    return server.register("victim", key_of("RSA", "victim"), algorithm="RS256")


def check_refused(server, answer, reason):
    assert answer.status == 400
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == reason


def parts_of(server, client, **header):
    header = client.header(**header)
    return header, client.claims(server.audience())


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("signature", ["", "c2lnbmF0dXJl"])
def test_no_assertion_goes_unsigned(server, victim, algorithm, signature):
    signed = signing_input(*parts_of(server, victim, alg=algorithm))
    check_refused(server, server.present(f"{signed}.{signature}"), "algorithm_unsupported")


@pytest.mark.parametrize("algorithm, digest", [
    ("HS256", hashlib.sha256), ("HS384", hashlib.sha384), ("HS512", hashlib.sha512)])
@pytest.mark.parametrize("secret_of", [lambda key: key.pem(), lambda key: key.jwk()],
                         ids=["PEM", "JWK"])
def test_a_public_key_is_no_hmac_secret(server, victim, algorithm, digest, secret_of):
    signed = signing_input(*parts_of(server, victim, alg=algorithm))
    mac = hmac.new(secret_of(victim.key).encode(), signed.encode(), digest).digest()
    check_refused(server, server.present(f"{signed}.{base64url(mac)}"), "algorithm_unsupported")


def test_an_ecdsa_signature_in_der_is_refused(server, billing):
    signed = signing_input(*parts_of(server, billing))
    signature = base64url(billing.key.sign_der("ES256", signed.encode()))
    check_refused(server, server.present(f"{signed}.{signature}"), "signature_invalid")


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, bytes(63), bytes(65), bytes(128)],
                         ids=["zeros", "ones", "one byte short", "one byte long", "twice as long"])
def test_an_ecdsa_signature_is_refused_of(server, billing, signature):
    signed = signing_input(*parts_of(server, billing))
    answer = server.present(f"{signed}.{base64url(signature)}")
    check_refused(server, answer, "signature_invalid")


@pytest.mark.parametrize("member", ["jwk", "jku", "x5c", "x5u", "x5t"])
def test_nothing_is_taken_from_the_header_to_verify_with(server, stranger, billing, member):
    """A forger who brings the key along, or says where to fetch it."""
    value = {"jwk": json.loads(stranger.key.jwk()), "x5c": [stranger.key.certificate()]}.get(
        member, "http://127.0.0.1:1/keys")
    answer = server.grant(stranger, header={member: value}, iss="billing")
    check_refused(server, answer, "signature_invalid")


def test_a_good_assertion_may_carry_its_key(server, billing):
    answer = server.grant(billing, header={"jwk": json.loads(billing.key.jwk())})
    assert answer.status == 200


@pytest.mark.parametrize("header", [
    {"crit": ["exp"], "exp": 1}, {"crit": []}, {"crit": ["gone"]}, {"crit": "b64", "b64": True},
    {"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": None}])
def test_a_critical_header_that_is_not_understood_is_refused(server, billing, header):
    check_refused(server, server.grant(billing, header=header), "critical_header_unsupported")


@pytest.mark.parametrize("type_", ["JWT", "jwt", "application/jwt", "authorization-grant+jwt",
                                   "application/authorization-grant+jwt", ABSENT])
def test_a_type_is_accepted_that_is_for_this_use(server, billing, type_):
    assert server.grant(billing, header={"typ": type_}).status == 200


@pytest.mark.parametrize("type_", ["at+jwt", "dpop+jwt", "client-authentication+jwt", "JWE",
                                   "application/at+jwt", ""])
def test_a_type_is_refused_that_is_for_another_use(server, billing, type_):
    check_refused(server, server.grant(billing, header={"typ": type_}), "type_unexpected")


MALFORMED_HEADERS = {
    "a repeated member": '{"alg":"ES256","alg":"ES256"}',
    "a member repeated by an escape": '{"alg":"ES256","\\u0061lg":"none"}',
    "a repeated member that nobody reads": '{"alg":"ES256","x":1,"x":2}',
    "no algorithm": "{}",
    "an algorithm that is no string": '{"alg":256}',
    "an array for an object": '["alg","ES256"]',
    "something behind the object": '{"alg":"ES256"} {}',
    "a comment": '{"alg":"ES256"/**/}',
    "a trailing comma": '{"alg":"ES256",}',
    "a byte order mark": '\ufeff{"alg":"ES256"}',
    "a number for a type": '{"alg":"ES256","typ":1}',
    "too deep a nesting": '{"alg":"ES256","x":' + "[" * 20 + "]" * 20 + "}",
    "nothing": "",
}


@pytest.mark.parametrize("header", MALFORMED_HEADERS.values(), ids=MALFORMED_HEADERS)
def test_a_header_is_malformed_that_has(server, billing, header):
    assertion = billing.sign(header, billing.claims(server.audience()))
    check_refused(server, server.present(assertion), "header_malformed")


def claims_with(text):
    """Ordinary claims as text, with some more in front."""
    return lambda claims: "{" + text + "," + json.dumps(claims)[1:]


MALFORMED_CLAIMS = {
    "a repeated issuer": claims_with('"iss":"billing"'),
    "a repeated member that nobody reads": claims_with('"x":1,"x":2'),
    "a member repeated by an escape": claims_with('"\\u0069ss":"victim"'),
    "a repeated member further in": claims_with('"x":{"y":1,"y":2}'),
    "too deep a nesting": claims_with('"x":' + "[" * 20 + "]" * 20),
    "a lone surrogate": claims_with('"x":"\\ud800"'),
    "something behind the object": lambda claims: json.dumps(claims) + "{}",
    "an array for an object": lambda claims: json.dumps([claims]),
    "a string for an object": lambda claims: json.dumps(json.dumps(claims)),
    "nothing": lambda claims: "",
}


@pytest.mark.parametrize("write", MALFORMED_CLAIMS.values(), ids=MALFORMED_CLAIMS)
def test_claims_are_malformed_that_have(server, billing, write):
    text = write(billing.claims(server.audience()))
    check_refused(server, server.present(billing.sign(billing.header(), text)), "claims_malformed")


def segments(change):
    """A change to the three segments of a good assertion."""
    return lambda assertion: ".".join(change(*assertion.split(".")))


OTHER_FORMS = {
    "padding of the header alone": segments(lambda h, c, s: (h + "=" * (-len(h) % 4), c, s)),
    "padding of the signature alone": segments(lambda h, c, s: (h, c, s + "==")),
    "padding where none belongs": segments(lambda h, c, s: (h, c, s + "=")),
    "two segments": segments(lambda h, c, s: (h, c)),
    "four segments": segments(lambda h, c, s: (h, c, s, s)),
    "five segments, as encrypted ones have": segments(lambda h, c, s: (h, c, s, s, s)),
    "a space before": lambda assertion: " " + assertion,
    "a line end behind": lambda assertion: assertion + "\n",
    "a line end within": segments(lambda h, c, s: (h, c[:8] + "\n" + c[8:], s)),
    "a character of plain base64": segments(lambda h, c, s: (h, c, "+/" + s[2:])),
    "a character of no alphabet": segments(lambda h, c, s: (h, "*" + c[1:], s)),
    "a length that no base64 has": segments(lambda h, c, s: (h, c, s + "AAA")),
    "no dot": lambda assertion: "assertion",
    "the JSON serialisation, flattened": lambda assertion: json.dumps(dict(zip(
        ("protected", "payload", "signature"), assertion.split(".")))),
    "the JSON serialisation, general": lambda assertion: json.dumps({
        "payload": assertion.split(".")[1],
        "signatures": [{"protected": assertion.split(".")[0],
                        "signature": assertion.split(".")[2]}]}),
}


@pytest.mark.parametrize("change", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_the_compact_serialisation_is_the_only_one_not(server, billing, change):
    # With this `x` the header is of a length that base64 would pad.
    answer = server.present(change(server.assertion(billing, {"x": "y"})))
    check_refused(server, answer, "assertion_malformed")


def test_unused_bits_of_the_last_character_must_be_zero(server, billing):
    """Else one signature has several texts (RFC 4648 section 3.5)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assertion = server.assertion(billing)  # 64 bytes of signature leave 4 bits unused
    other = alphabet[alphabet.index(assertion[-1]) ^ 1]
    check_refused(server, server.present(assertion[:-1] + other), "assertion_malformed")


@pytest.mark.parametrize("segment", [0, 1, 2], ids=["header", "claims", "signature"])
def test_a_change_after_signing_is_noticed(server, billing, segment):
    ordinary = server.assertion(billing).split(".")
    other = server.assertion(billing, {"x": "other"}).split(".")
    ordinary[segment] = other[segment]
    check_refused(server, server.present(".".join(ordinary)), "signature_invalid")


def test_the_key_of_one_application_does_not_speak_for_another(server, billing, victim):
    impostor = Client("victim", billing.key, "ES256")
    assert server.grant(impostor).json["error"] == "invalid_grant"
    assert server.reason(server.grant(victim, iss="billing")) == "key_unsuitable"


def test_strangers_cannot_tell_which_applications_exist(server, stranger):
    asleep = server.register("asleep", key_of("P-256", "asleep"), algorithm="ES256")
    server.installation.run("app", "disable", "asleep")
    disabled = answer_of(400, lambda: server.grant(asleep))
    forged = server.grant(stranger, iss="billing")
    unknown = server.grant(stranger)
    assert (disabled.status, disabled.text) == (forged.status, forged.text)
    assert (disabled.status, disabled.text) == (unknown.status, unknown.text)


def test_a_signature_is_judged_before_the_claims(server, stranger):
    answer = server.grant(stranger, iss="billing", aud="nobody", exp=1)
    check_refused(server, answer, "signature_invalid")


def test_an_assertion_over_the_limit_is_refused(server, billing):
    check_refused(server, server.grant(billing, padding="x" * 16 * 1024), "assertion_too_large")


def test_an_assertion_below_the_limit_is_accepted(server, billing):
    assert server.grant(billing, padding="x" * 11 * 1024).status == 200
