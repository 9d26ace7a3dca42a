"""`format` chooses the shape of an answer, be it a success or an error."""

import urllib.parse
import xml.etree.ElementTree

import pytest

from harness.keys import key_of

SCOPE = "a&b<c>d+e%20'f="
SUCCESS = {"access_token", "token_type", "expires_in", "scope"}
ERROR = {"error", "error_description"}


def members_of_form(answer):
    pairs = urllib.parse.parse_qsl(answer.text, strict_parsing=True, keep_blank_values=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def members_of_xml(answer):
    root = xml.etree.ElementTree.fromstring(answer.body)
    assert root.tag == "oauth"
    return {element.tag: element.text or "" for element in root}


FORMATS = {
    "json": ("application/json", lambda answer: answer.json),
    "urlencoded": ("application/x-www-form-urlencoded", members_of_form),
    "xml": ("application/xml", members_of_xml),
}


@pytest.fixture(scope="module")
def client(server):
    """Its scope has every character that XML and form encoding must escape."""
    return server.register("escaped", key_of("P-256"), "--default-scope", SCOPE,
                           algorithm="ES256")


@pytest.mark.parametrize("name", FORMATS)
def test_a_token_is_answered_as(server, client, name):
    content_type, members_of = FORMATS[name]
    answer = server.present(server.assertion(client), format=name)
    members = members_of(answer)
    assert answer.status == 200
    assert answer.headers["Content-Type"].split(";")[0] == content_type
    assert set(members) == SUCCESS
    assert str(members["expires_in"]) == "3600"
    assert members["scope"] == SCOPE


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("error, parameters", {
    "invalid_grant": {"assertion": "a.b.c"},
    "invalid_request": {"assertion": None},
    "unsupported_grant_type": {"grant_type": "password"},
}.items())
def test_an_error_is_answered_as(server, name, error, parameters):
    content_type, members_of = FORMATS[name]
    answer = server.present(**{"assertion": "a.b.c", "format": name, **parameters})
    assert answer.status == 400
    assert answer.headers["Content-Type"].split(";")[0] == content_type
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(members_of(answer)) == ERROR
    assert members_of(answer)["error"] == error


def test_an_empty_format_counts_as_absent(server, client):
    answer = server.present(server.assertion(client), format="")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.status == 200


def test_an_unknown_format_is_answered_in_json(server, client):
    answer = server.present(server.assertion(client), format="yaml")
    assert answer.json["error"] == "invalid_request"


def test_a_token_of_an_unknown_format_is_not_issued(server, client):
    assertion = server.assertion(client)
    assert server.present(assertion, format="yaml").status == 400
    assert server.present(assertion).status == 200


@pytest.mark.parametrize("name", FORMATS)
def test_introspection_is_answered_as(server, client, inspector, name):
    content_type, members_of = FORMATS[name]
    answer = server.post("/api/oauth/introspect", {
        "token": server.token(client), "format": name,
        "client_id": inspector[0], "client_secret": inspector[1]})
    assert answer.headers["Content-Type"].split(";")[0] == content_type
    assert str(members_of(answer)["active"]).lower() == "true"


