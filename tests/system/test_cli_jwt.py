"""`assay jwt`: JWTs by hand, held against those of python3-cryptography."""

import base64
import json
import time

import pytest

from harness.assertions import Client
from harness.installation import run
from harness.keys import key_of, make_key

AUDIENCE = "https://example.com/token"
DEFAULTS = {"RSA": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512",
            "Ed25519": "EdDSA", "Ed448": "EdDSA"}


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return path
    return write


def decoded(segment):
    return json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


def sign(key_file, *options):
    outcome = run("jwt", "sign", "--key", key_file, "--iss", "me", "--aud", AUDIENCE, *options)
    assert outcome.status == 0, outcome.err
    assert outcome.out.count("\n") == 1
    return outcome.out.strip()


@pytest.mark.parametrize("kind", DEFAULTS)
@pytest.mark.parametrize("form", ["private_pem", "private_jwk"])
def test_what_is_signed_can_be_verified(file, kind, form):
    key = key_of(kind)
    token = sign(file("key", getattr(key, form)()))
    assert decoded(token.split(".")[0])["alg"] == DEFAULTS[kind]
    assert run("jwt", "verify", "--jwk", file("jwk", key.jwk()), token).status == 0
    other = make_key(kind) if kind != "RSA" else key_of("RSA", "other")
    assert run("jwt", "verify", "--jwk", file("other", other.jwk()), token).status == 1


@pytest.mark.parametrize("option, text", [
    ("--jwk", key_of("P-256").jwk()),
    ("--cert", key_of("P-256").certificate()),
    ("--cert", key_of("P-256").pem()),
    ("--jwks", json.dumps({"keys": [json.loads(key_of("RSA").jwk()),
                                    json.loads(key_of("P-256").jwk())]}))],
    ids=["a JWK", "a certificate", "a public key", "a JWKS"])
def test_the_signatures_of_others_are_verified_with(file, option, text):
    client = Client("me", key_of("P-256"), "ES256")
    token = client.assertion(AUDIENCE)
    outcome = run("jwt", "verify", option, file("key", text), token)
    assert outcome.status == 0
    assert "good" in outcome.out
    first, second, signature = token.split(".")
    changed = f"{first}.{client.assertion('other').split('.')[1]}.{signature}"
    assert run("jwt", "verify", option, file("key", text), changed).status == 1


def test_a_token_can_come_from_standard_input(file):
    token = Client("me", key_of("P-256"), "ES256").assertion(AUDIENCE)
    key = file("key", key_of("P-256").jwk())
    for dash in (["-"], []):
        assert run("jwt", "verify", "--jwk", key, *dash, stdin=token + "\n").status == 0
        assert AUDIENCE in run("jwt", "show", *dash, stdin=token + "\n").out


def test_verify_needs_a_key():
    assert run("jwt", "verify", "a.b.c").status == 2


def test_verify_refuses_what_is_unsigned(file):
    key = file("key", key_of("P-256").jwk())
    assert run("jwt", "verify", "--jwk", key, "eyJhbGciOiJub25lIn0.e30.").status == 1


def test_the_claims_are_those_of_the_options(file):
    token = sign(file("key", key_of("P-256").private_pem()), "--aud", "second", "--sub", "alice",
                 "--scope", "a b", "--kid", "k", "--lifetime", "60", "--claim", "number=5",
                 "--claim", "text=five", "--claim", 'list=["x"]')
    header, claims = map(decoded, token.split(".")[:2])
    assert header == {"alg": "ES256", "typ": "JWT", "kid": "k"}
    assert abs(claims["iat"] - time.time()) < 10
    assert claims.pop("exp") - claims.pop("iat") == 60
    assert len(claims.pop("jti")) >= 22
    assert claims == {"iss": "me", "aud": [AUDIENCE, "second"], "sub": "alice", "scope": "a b",
                      "number": 5, "text": "five", "list": ["x"]}


def test_each_jti_is_another_one(file):
    key = file("key", key_of("P-256").private_pem())
    ids = {decoded(sign(key).split(".")[1])["jti"] for _ in range(5)}
    assert len(ids) == 5


def test_the_jti_can_be_left_out(file):
    key = file("key", key_of("P-256").private_pem())
    assert "jti" not in decoded(sign(key, "--no-jti").split(".")[1])


@pytest.mark.parametrize("algorithm", ["PS256", "PS512", "RS384"])
def test_the_algorithm_can_be_chosen(file, algorithm):
    token = sign(file("key", key_of("RSA").private_pem()), "--alg", algorithm)
    assert decoded(token.split(".")[0])["alg"] == algorithm
    assert run("jwt", "verify", "--jwk", file("jwk", key_of("RSA").jwk()), token).status == 0


@pytest.mark.parametrize("algorithm, status", [("ES256", 1), ("HS256", 2), ("none", 2)])
def test_an_algorithm_that_does_not_fit_is_refused(file, algorithm, status):
    key = file("key", key_of("RSA").private_pem())
    outcome = run("jwt", "sign", "--key", key, "--iss", "x", "--aud", "x", "--alg", algorithm)
    assert (outcome.status, outcome.out) == (status, "")


@pytest.mark.parametrize("text", ["", "nonsense", key_of("P-256").pem()],
                         ids=["nothing", "nonsense", "a public key"])
def test_a_file_without_a_private_key_is_refused(file, text):
    outcome = run("jwt", "sign", "--key", file("key", text), "--iss", "x", "--aud", "x")
    assert outcome.status == 1


def test_show_prints_header_and_claims_and_that_nothing_was_checked(file):
    client = Client("me", key_of("P-256"), "ES256", "k")
    outcome = run("jwt", "show", client.assertion(AUDIENCE, iat=0, exp=1_800_000_000))
    assert outcome.status == 0
    for word in ('"kid":"k"', AUDIENCE, "1970-01-01T00:00:00", "2027-01-15T08:00:00",
                 "not checked"):
        assert word in outcome.out


def test_a_private_key_is_never_printed(file):
    key = file("key", key_of("P-256").private_pem())
    outcome = run("jwt", "verify", "--cert", key, "a.b.c")
    body = key_of("P-256").private_pem().splitlines()[1]
    assert body not in outcome.out + outcome.err
