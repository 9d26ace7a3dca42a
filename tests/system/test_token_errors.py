"""What the token endpoint answers to a request that it does not grant."""

import re

import pytest

from harness import http
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.server import JWT_BEARER


def check_error(answer, status, error):
    """The form that RFC 6749 section 5.2 gives every error."""
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"error", "error_description"}
    assert answer.json["error"] == error
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+", answer.json["error_description"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"
    assert answer.headers["X-Correlation-ID"] == answer.headers["X-CorrelationID"] != ""


BAD_FORMS = {
    "no grant type": ([("grant_type", None)], "invalid_request", "parameter_missing"),
    "an empty grant type": ([("grant_type", "")], "invalid_request", "parameter_missing"),
    "no assertion": ([("assertion", None)], "invalid_request", "parameter_missing"),
    "an empty assertion": ([("assertion", "")], "invalid_request", "parameter_missing"),
    "a repeated grant type": (
        [("grant_type", JWT_BEARER), ("grant_type", JWT_BEARER)],
        "invalid_request", "parameter_repeated"),
    "a repeated assertion": (
        [("assertion", "a.b.c"), ("assertion", "a.b.c")], "invalid_request", "parameter_repeated"),
    "a repeated scope": (
        [("scope", "invoices.read"), ("scope", "invoices.read")],
        "invalid_request", "parameter_repeated"),
    "a repeated scope without values": (
        [("scope", ""), ("scope", "")], "invalid_request", "parameter_repeated"),
    "a repeated format": (
        [("format", "json"), ("format", "json")], "invalid_request", "parameter_repeated"),
    "a repeated parameter that nobody knows": (
        [("surprise", "1"), ("surprise", "2")], "invalid_request", "parameter_repeated"),
    "an unknown format": ([("format", "yaml")], "invalid_request", "format_unknown"),
    "a format in capitals": ([("format", "JSON")], "invalid_request", "format_unknown"),
    "an unknown grant type": (
        [("grant_type", "urn:example:magic")], "unsupported_grant_type", "grant_type_unsupported"),
    "the password grant": (
        [("grant_type", "password")], "unsupported_grant_type", "grant_type_unsupported"),
    "the grant type in capitals": (
        [("grant_type", JWT_BEARER.upper())], "unsupported_grant_type", "grant_type_unsupported"),
    "a scope of characters that no scope has": (
        [("scope", 'say "please"')], "invalid_scope", "scope_malformed"),
    "a scope that is not registered": (
        [("scope", "payroll.write")], "invalid_scope", "scope_not_allowed"),
}


@pytest.mark.parametrize("changes, error, reason", BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_form_is_refused_with(server, billing, changes, error, reason):
    ordinary = {"grant_type": JWT_BEARER, "assertion": server.assertion(billing)}
    replaced = {name for name, _ in changes}
    pairs = [(name, value) for name, value in ordinary.items() if name not in replaced]
    pairs += [(name, value) for name, value in changes if value is not None]
    answer = server.post(TOKEN_PATH, pairs)
    check_error(answer, 400, error)
    assert server.reason(answer) == reason


@pytest.mark.parametrize("body", ["grant_type=%zz", "grant_type=%ff", "grant_type=a%00b"],
                         ids=["a broken escape", "what is not UTF-8", "a NUL"])
def test_a_malformed_form_is_refused_that_has(server, body):
    answer = server.exchange("POST", TOKEN_PATH, body, http.FORM)
    check_error(answer, 400, "invalid_request")
    assert server.reason(answer) == "form_malformed"


@pytest.mark.parametrize("content_type", [
    None, "application/json", "multipart/form-data; boundary=x", "text/plain",
    "application/x-www-form-urlencoded-not"])
def test_only_form_encoding_is_accepted(server, billing, content_type):
    body = http.form({"grant_type": JWT_BEARER, "assertion": server.assertion(billing)})
    headers = {"Content-Type": content_type} if content_type else {}
    answer = server.exchange("POST", TOKEN_PATH, body, headers)
    check_error(answer, 400, "invalid_request")
    assert server.reason(answer) == "content_type_unsupported"


def test_parameters_in_the_query_do_not_count(server, billing):
    query = http.form({"grant_type": JWT_BEARER, "assertion": server.assertion(billing)})
    answer = server.exchange("POST", f"{TOKEN_PATH}?{query}", "", http.FORM)
    check_error(answer, 400, "invalid_request")
    assert server.reason(answer) == "parameter_missing"


BODY_LIMIT = 64 * 1024


def test_a_body_over_the_limit_is_too_large(server):
    answer = server.exchange("POST", TOKEN_PATH, "a=" + "b" * (BODY_LIMIT - 1), http.FORM)
    check_error(answer, 413, "invalid_request")


def test_a_body_of_chunks_over_the_limit_is_too_large(server):
    chunks = (b"a" * 1000 for _ in range(BODY_LIMIT // 1000 + 1))
    answer = server.exchange("POST", TOKEN_PATH, chunks, http.FORM)
    check_error(answer, 413, "invalid_request")


def test_a_body_at_the_limit_is_read(server):
    answer = server.exchange("POST", TOKEN_PATH, "a=" + "b" * (BODY_LIMIT - 2), http.FORM)
    check_error(answer, 400, "invalid_request")
    assert server.reason(answer) == "parameter_missing"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_is_not_allowed(server, method):
    answer = server.exchange(method, TOKEN_PATH)
    assert answer.headers["Allow"] == "POST"
    check_error(answer, 405, "invalid_request")


def test_another_path_is_not_found(server):
    answer = server.exchange("POST", "/api/oauth/nothing", "", http.FORM)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["error"] == "invalid_request"


def test_an_application_without_the_grant_is_unauthorized(server):
    client = server.register("other-grant", key_of("P-256"), "--grant", "refresh_token",
                             algorithm="ES256")
    answer = server.grant(client)
    check_error(answer, 400, "unauthorized_client")
    assert server.reason(answer) == "grant_not_allowed"


def test_only_a_good_signature_learns_that_the_grant_is_not_allowed(server, stranger):
    server.register("quiet", key_of("P-256"), "--grant", "refresh_token", algorithm="ES256")
    answer = server.grant(stranger, iss="quiet")
    check_error(answer, 400, "invalid_grant")
    assert server.reason(answer) == "signature_invalid"


def test_wrong_credentials_beside_an_assertion_are_an_invalid_client(server, billing):
    answer = server.present(server.assertion(billing), headers=http.basic("billing", "wrong"))
    check_error(answer, 401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert server.reason(answer) == "client_secret_wrong"


def test_two_methods_of_client_authentication_are_one_too_many(server, billing):
    answer = server.present(server.assertion(billing), headers=http.basic("billing", "wrong"),
                            client_id="billing", client_secret="wrong")
    check_error(answer, 400, "invalid_request")
    assert server.reason(answer) == "client_authentication_repeated"
