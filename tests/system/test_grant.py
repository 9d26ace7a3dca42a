"""A signed assertion goes in, an access token comes out."""

import string

import pytest

from harness.keys import key_of

HEX_DIGITS = set("0123456789abcdef")


@pytest.fixture(scope="module")
def answer(server, billing):
    """What the ordinary assertion gets."""
    return server.grant(billing)


def test_a_signed_assertion_gets_an_access_token(answer):
    assert answer.status == 200
    assert answer.json["token_type"] == "Bearer"


def test_the_access_token_is_54_letters_and_digits(answer):
    token = answer.json["access_token"]
    assert len(token) == 54
    assert set(token) <= set(string.ascii_letters + string.digits)


def test_the_answer_has_the_members_of_rfc_6749_and_no_others(answer):
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "scope"}


def test_expires_in_is_a_number_of_seconds(answer):
    assert answer.json["expires_in"] == 3600
    assert isinstance(answer.json["expires_in"], int)


def test_the_scope_is_in_the_answer(answer):
    assert answer.json["scope"] == "invoices.read"


def test_the_scope_is_in_the_answer_even_when_there_is_none(server):
    bare = server.register("bare", key_of("Ed25519"), algorithm="EdDSA")
    assert server.grant(bare).json["scope"] == ""


def test_no_cache_keeps_the_answer(answer):
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"


def test_the_answer_is_json(answer):
    assert answer.headers["Content-Type"] == "application/json"


def test_the_answer_has_a_correlation_id_under_both_names(answer):
    request_id = answer.headers["X-Correlation-ID"]
    assert request_id == answer.headers["X-CorrelationID"]
    assert len(request_id) >= 32 and set(request_id) <= HEX_DIGITS


def test_the_correlation_id_is_made_by_the_server_whatever_comes_in(server, billing):
    answer = server.present(server.assertion(billing), headers={"X-Correlation-ID": "mine"})
    assert answer.status == 200
    assert "mine" not in (answer.headers["X-Correlation-ID"], answer.headers["X-CorrelationID"])


def test_each_token_is_another_one(server, billing):
    tokens = {server.token(billing) for _ in range(20)}
    assert len(tokens) == 20


def test_the_token_introspects_as_active(server, billing, inspector):
    answer = server.introspect(server.token(billing), inspector)
    assert answer.json["active"] is True
    assert answer.json["client_id"] == "billing"


def test_unknown_parameters_are_ignored(server, billing):
    assert server.present(server.assertion(billing), surprise="party").status == 200


def test_a_charset_in_the_content_type_is_no_reason_to_refuse(server, billing):
    content_type = "application/x-www-form-urlencoded; charset=UTF-8"
    answer = server.present(server.assertion(billing), headers={"Content-Type": content_type})
    assert answer.status == 200


def test_without_a_config_the_audience_is_the_one_of_the_original(servers, billing):
    server = servers.make()
    server.installation.config.write_text("listen: {port: 0}\nmanager: {port: 0}\n")
    server.start()
    other = server.register("billing", billing.key, algorithm="ES256")
    assert server.grant(other, aud="http://apiserver/api/oauth/token").status == 200
