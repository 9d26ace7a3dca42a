"""Whom an assertion must be meant for (RFC 7523 section 3)."""

import pytest

from harness.assertions import ABSENT

FOREIGN = "https://elsewhere.example/token"


@pytest.mark.parametrize("audience_of", [
    lambda url: url,
    lambda url: [url],
    lambda url: [FOREIGN, url],
    lambda url: [url, FOREIGN, FOREIGN],
], ids=["a string", "an array of one", "one of two", "one of three"])
def test_an_audience_is_accepted_that_is_ours_as(server, billing, audience_of):
    assert server.grant(billing, aud=audience_of(server.audience())).status == 200


@pytest.mark.parametrize("audience_of", [
    lambda url: FOREIGN,
    lambda url: [FOREIGN],
    lambda url: url + "/",
    lambda url: url.upper(),
    lambda url: url.replace("http:", "HTTP:"),
    lambda url: url.replace("/token", "/Token"),
    lambda url: url + "?",
    lambda url: " " + url,
    lambda url: url[:-1],
    lambda url: url[:url.index("/", 7)],
    lambda url: f"{url} {FOREIGN}",
    lambda url: url.replace("127.0.0.1", "localhost"),
    lambda url: url.replace("/token", "/%74oken"),
    lambda url: "",
], ids=["another server's", "an array of another's", "a trailing slash", "capitals",
        "a scheme in capitals", "one capital letter", "an empty query", "a space before",
        "a prefix", "the issuer", "a list in one string", "another name of the host",
        "an escaped letter", "the empty string"])
def test_an_audience_is_refused_that_is(server, billing, audience_of):
    answer = server.grant(billing, aud=audience_of(server.audience()))
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "audience_mismatch"


@pytest.mark.parametrize("audience", [ABSENT, []], ids=["absent", "an empty array"])
def test_an_audience_is_required_even_when_it_is(server, billing, audience):
    answer = server.grant(billing, aud=audience)
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "audience_missing"


@pytest.mark.parametrize("audience", [7, None, True, {"url": FOREIGN}, [7], [[FOREIGN]]])
def test_an_audience_must_be_a_string_or_strings(server, billing, audience):
    answer = server.grant(billing, aud=audience)
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "claims_malformed"


def test_a_malformed_audience_is_refused_even_beside_ours(server, billing):
    answer = server.grant(billing, aud=[server.audience(), 7])
    assert server.reason(answer) == "claims_malformed"
