"""How an application proves itself, beside an assertion and where there is none."""

import time

import pytest

from harness import http
from harness.assertions import ABSENT
from harness.installation import TOKEN_PATH
from harness.patience import answer_of
from harness.server import CLIENT_ASSERTION, JWT_BEARER, REVOKE


@pytest.fixture(scope="module")
def owner(server):
    """An application with a key and a secret: how it signs, and the secret."""
    client, (_, secret) = server.register_with_both("owner", "--may-introspect")
    return client, secret


def introspect(server, headers=None, **parameters):
    return server.post("/api/oauth/introspect", {"token": "a token", **parameters}, headers)


def test_a_secret_in_the_header_is_accepted(server, owner):
    client, secret = owner
    assert introspect(server, http.basic(client.id, secret)).status == 200


def test_the_scheme_has_no_letter_case(server, owner):
    client, secret = owner
    value = http.basic(client.id, secret)["Authorization"].replace("Basic", "bAsIc")
    assert introspect(server, {"Authorization": value}).status == 200


def test_a_secret_in_the_form_is_accepted(server, owner):
    client, secret = owner
    assert introspect(server, client_id=client.id, client_secret=secret).status == 200


def test_a_client_assertion_is_accepted(server, owner):
    client, _ = owner
    assert introspect(server, **server.client_assertion(client)).status == 200


def test_a_client_assertion_may_come_with_the_client_id(server, owner):
    client, _ = owner
    answer = introspect(server, client_id=client.id, **server.client_assertion(client))
    assert answer.status == 200


BAD_CLIENT_ASSERTIONS = {
    "the token endpoint as its audience": {"aud": "{url}" + TOKEN_PATH},
    "a second audience": {"aud": ["{url}", "{url}" + TOKEN_PATH]},
    "no audience": {"aud": ABSENT},
    "no subject": {"sub": ABSENT},
    "another subject": {"sub": "billing"},
    "no expiry": {"exp": ABSENT},
    "an expiry that is over": {"exp": int(time.time()) - 3600},
    "an issuer that nobody knows": {"iss": "nobody"},
}


@pytest.mark.parametrize("claims", BAD_CLIENT_ASSERTIONS.values(), ids=BAD_CLIENT_ASSERTIONS)
def test_a_client_assertion_is_refused_with(server, owner, claims):
    claims = {name: fill_in(value, server.url) for name, value in claims.items()}
    answer = introspect(server, **server.client_assertion(owner[0], **claims))
    check_invalid_client(server, answer, "client_assertion_refused")


def fill_in(value, url):
    if isinstance(value, list):
        return [fill_in(each, url) for each in value]
    return value.format(url=url) if isinstance(value, str) else value


def check_invalid_client(server, answer, reason):
    assert answer.status == 401
    assert answer.json["error"] == "invalid_client"
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert server.reason(answer) == reason


def test_a_client_assertion_of_an_array_of_one_is_accepted(server, owner):
    answer = introspect(server, **server.client_assertion(owner[0], aud=[server.url]))
    assert answer.status == 200


def test_a_client_assertion_is_good_once(server, owner):
    parameters = server.client_assertion(owner[0])
    assert introspect(server, **parameters).status == 200
    answer = introspect(server, **parameters)
    check_invalid_client(server, answer, "client_assertion_refused")
    assert "assertion_replayed" in server.audit_line(answer)["detail"]


def test_a_client_assertion_is_no_authorization_grant(server, owner):
    parameters = server.client_assertion(owner[0])
    answer = server.present(parameters["client_assertion"])
    assert server.reason(answer) == "audience_mismatch"


def test_an_authorization_grant_is_no_client_assertion(server, owner):
    answer = introspect(server, client_assertion_type=CLIENT_ASSERTION,
                        client_assertion=server.assertion(owner[0], sub=owner[0].id))
    check_invalid_client(server, answer, "client_assertion_refused")


def test_another_type_of_client_assertion_is_refused(server, owner):
    parameters = {**server.client_assertion(owner[0]), "client_assertion_type": "saml2"}
    check_invalid_client(server, introspect(server, **parameters),
                         "client_assertion_type_unsupported")


@pytest.mark.parametrize("missing", ["client_assertion", "client_assertion_type"])
def test_a_client_assertion_comes_with_its_type(server, owner, missing):
    parameters = {**server.client_assertion(owner[0]), missing: None}
    answer = introspect(server, **parameters)
    assert answer.json["error"] == "invalid_request"
    assert server.reason(answer) == "parameter_missing"


def test_the_client_id_must_be_that_of_the_client_assertion(server, owner):
    answer = introspect(server, client_id="billing", **server.client_assertion(owner[0]))
    check_invalid_client(server, answer, "client_mismatch")


@pytest.mark.parametrize("client_id, secret, reason", [
    ("owner", "wrong", "client_secret_wrong"),
    ("nobody", "wrong", "client_unknown"),
    ("billing", "wrong", "client_secret_wrong")])
def test_credentials_are_refused(server, owner, billing, client_id, secret, reason):
    check_invalid_client(server, introspect(server, http.basic(client_id, secret)), reason)


def test_strangers_cannot_tell_whose_secret_was_wrong(server, owner):
    unknown = introspect(server, http.basic("nobody", "wrong"))
    wrong = introspect(server, http.basic("owner", "wrong"))
    assert unknown.text == wrong.text


def test_without_credentials_the_caller_is_told_how_to_authenticate(server):
    check_invalid_client(server, introspect(server), "client_authentication_missing")


def test_a_client_id_alone_proves_nothing(server, owner):
    answer = introspect(server, client_id="owner")
    check_invalid_client(server, answer, "client_authentication_missing")


@pytest.mark.parametrize("value", [
    "Bearer abc", "Basic", "Basic !!!", "Basic b3duZXI=", "Basic OnNlY3JldA==", "Basic b3duZXI6",
    "Digest x=y"])
def test_an_authorization_header_is_malformed(server, value):
    answer = introspect(server, {"Authorization": value})
    check_invalid_client(server, answer, "authorization_malformed")


@pytest.mark.parametrize("second", ["form", "assertion"])
def test_two_methods_are_one_too_many(server, owner, second):
    client, secret = owner
    more = {"form": {"client_id": client.id, "client_secret": secret},
            "assertion": server.client_assertion(client)}[second]
    answer = introspect(server, http.basic(client.id, secret), **more)
    assert answer.status == 400
    assert answer.json["error"] == "invalid_request"
    assert server.reason(answer) == "client_authentication_repeated"


def test_the_form_may_repeat_the_client_id_of_the_header(server, owner):
    client, secret = owner
    headers = http.basic(client.id, secret)
    assert introspect(server, headers, client_id=client.id).status == 200
    check_invalid_client(server, introspect(server, headers, client_id="billing"),
                         "client_mismatch")


# Beside an assertion that is a grant.

def test_credentials_beside_an_assertion_are_optional(server, owner):
    assert server.grant(owner[0]).status == 200


@pytest.mark.parametrize("method", ["header", "form", "assertion", "client id"])
def test_good_credentials_beside_an_assertion_are_accepted(server, owner, method):
    client, secret = owner
    headers = http.basic(client.id, secret) if method == "header" else None
    parameters = {"header": {}, "form": {"client_id": client.id, "client_secret": secret},
                  "assertion": server.client_assertion(client),
                  "client id": {"client_id": client.id}}[method]
    answer = server.present(server.assertion(client), headers=headers, **parameters)
    assert answer.status == 200


@pytest.mark.parametrize("method", ["header", "form", "assertion"])
def test_bad_credentials_beside_a_good_assertion_are_not_ignored(server, owner, method):
    client, _ = owner
    headers = http.basic(client.id, "wrong") if method == "header" else None
    parameters = {"header": {}, "form": {"client_id": client.id, "client_secret": "wrong"},
                  "assertion": server.client_assertion(client, aud="elsewhere")}[method]
    assertion = server.assertion(client)
    answer = server.present(assertion, headers=headers, **parameters)
    reason = "client_assertion_refused" if method == "assertion" else "client_secret_wrong"
    check_invalid_client(server, answer, reason)
    assert server.present(assertion).status == 200  # its jti is still unused


def test_credentials_of_another_client_are_refused(server, owner, billing):
    client, secret = owner
    answer = server.present(server.assertion(billing), headers=http.basic(client.id, secret))
    check_invalid_client(server, answer, "client_mismatch")


def test_a_client_id_of_another_client_is_refused(server, billing):
    answer = server.present(server.assertion(billing), client_id="owner")
    check_invalid_client(server, answer, "client_mismatch")


def test_credentials_do_not_replace_the_assertion(server, owner):
    client, secret = owner
    answer = server.post(TOKEN_PATH, {"grant_type": JWT_BEARER}, http.basic(client.id, secret))
    assert answer.json["error"] == "invalid_request"


# Which methods an application may use: RFC 7591 section 2.

METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


def prove(server, client, secret, method):
    """The headers and the parameters of a request that is authenticated so."""
    return {"client_secret_basic": lambda: (http.basic(client.id, secret), {}),
            "client_secret_post": lambda: (
                {}, {"client_id": client.id, "client_secret": secret}),
            "private_key_jwt": lambda: ({}, server.client_assertion(client))}[method]()


ENDPOINTS = {
    TOKEN_PATH: {"grant_type": "client_credentials"},
    "/api/oauth/introspect": {"token": "a token"},
    "/api/oauth/tokeninfo": {"access_token": "a token"},
    REVOKE: {"token": "a token"},
}


@pytest.fixture(scope="module", params=METHODS)
def limited(request, server):
    """An application that may use one method, that method, and its secret."""
    allowed = request.param
    client, (_, secret) = server.register_with_both(
        f"by-{allowed}", "--may-introspect", "--grant", "client_credentials")
    outcome = server.installation.run("app", "update", client.id, "--auth", allowed)
    assert outcome.status == 0, outcome.err
    other = METHODS[METHODS.index(allowed) - 1]
    answer_of(401, lambda: ask_by(server, client, secret, other))
    return client, secret, allowed


def ask_by(server, client, secret, method):
    headers, proof = prove(server, client, secret, method)
    return introspect(server, headers, **proof)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_an_application_authenticates_by_the_method_that_it_lists_alone(server, limited, path):
    client, secret, allowed = limited
    for method in METHODS:
        headers, proof = prove(server, client, secret, method)
        answer = server.post(path, {**ENDPOINTS[path], **proof}, headers)
        if method == allowed:
            assert answer.json.get("error") != "invalid_client"
        else:
            check_invalid_client(server, answer, "client_method_not_allowed")


def test_the_audit_line_names_the_method(server, owner):
    client, secret = owner
    for method in METHODS:
        line = server.audit_line(ask_by(server, client, secret, method))
        assert line["auth_method"] == method


# The audience of older libraries, for a while.

@pytest.fixture(scope="module")
def old(server):
    """An application whose library names the token URL."""
    client, _ = server.register_with_both("old", "--may-introspect")
    return client


def allow_until(server, time_or_nothing):
    outcome = server.installation.run("app", "update", "old", "--token-url-audience-until",
                                      time_or_nothing)
    assert outcome.status == 0, outcome.err


def ask_as_old(server, old, audience):
    return introspect(server, **server.client_assertion(old, aud=audience))


def test_the_token_url_is_accepted_for_as_long_as_the_application_may_name_it(server, old):
    allow_until(server, "2100-01-01T00:00:00Z")
    answer = answer_of(200, lambda: ask_as_old(server, old, server.audience()))
    assert server.audit_line(answer)["warning"] == "client_assertion_for_token_url"
    answer = ask_as_old(server, old, server.url)
    assert answer.status == 200
    assert "warning" not in server.audit_line(answer)
    both = ask_as_old(server, old, [server.url, server.audience()])
    check_invalid_client(server, both, "client_assertion_refused")

    for end in ("2020-01-01T00:00:00Z", ""):
        allow_until(server, "2100-01-01T00:00:00Z")
        answer_of(200, lambda: ask_as_old(server, old, server.audience()))
        allow_until(server, end)
        answer = answer_of(401, lambda: ask_as_old(server, old, server.audience()))
        check_invalid_client(server, answer, "client_assertion_refused")
        assert "audience_mismatch" in server.audit_line(answer)["detail"]


def test_another_url_is_not_accepted_meanwhile(server, old, owner):
    allow_until(server, "2100-01-01T00:00:00Z")
    answer_of(200, lambda: ask_as_old(server, old, server.audience()))
    for audience in ("https://elsewhere.example", server.url + "/api/oauth/introspect"):
        check_invalid_client(server, ask_as_old(server, old, audience),
                             "client_assertion_refused")
    answer = introspect(server, **server.client_assertion(owner[0], aud=server.audience()))
    check_invalid_client(server, answer, "client_assertion_refused")
