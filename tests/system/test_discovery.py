"""The metadata document of RFC 8414: true to what is switched on."""

import pytest

from harness import http

DOCUMENT = "/.well-known/oauth-authorization-server"

ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA", "Ed25519", "Ed448"}


@pytest.fixture(scope="module")
def document(server):
    answer = server.exchange("GET", DOCUMENT)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json


def test_the_issuer_is_where_the_document_was_found(server, document):
    assert document["issuer"] == server.url


def test_the_endpoints_are_where_the_document_says(server, document, billing, inspector):
    for member in ("token_endpoint", "introspection_endpoint", "revocation_endpoint"):
        path = document[member].removeprefix(server.url)
        assert http.exchange(server.url, "GET", path).status == 405
    assert document["token_endpoint"] == server.audience()


def test_the_grants_are_those_that_are_offered(document):
    assert set(document["grant_types_supported"]) == {
        "urn:ietf:params:oauth:grant-type:jwt-bearer", "refresh_token", "client_credentials"}


def test_there_are_no_response_types(server, document):
    assert document["response_types_supported"] == []
    path = document["authorization_endpoint"].removeprefix(server.url)
    answer = server.exchange("GET", path + "?response_type=code&client_id=x")
    assert answer.status == 400
    assert answer.json["error"] == "unsupported_response_type"


@pytest.mark.parametrize("endpoint", ["token", "introspection", "revocation"])
def test_the_methods_of_client_authentication_are_named(document, endpoint):
    methods = document[f"{endpoint}_endpoint_auth_methods_supported"]
    assert {"client_secret_basic", "client_secret_post", "private_key_jwt"} <= set(methods)
    assert set(document[f"{endpoint}_endpoint_auth_signing_alg_values_supported"]) == ALGORITHMS


def test_nothing_is_promised_that_is_not_there(document):
    absent = {"registration_endpoint", "device_authorization_endpoint"}
    assert not absent & set(document)


def test_other_methods_are_not_allowed(server):
    answer = server.exchange("POST", DOCUMENT)
    assert answer.status == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_an_issuer_with_a_path_has_its_document_between_host_and_path(servers):
    server = servers.start({"issuer": "https://login.example/tenant/one"})
    answer = server.exchange("GET", f"{DOCUMENT}/tenant/one")
    assert answer.json["issuer"] == "https://login.example/tenant/one"
    assert answer.json["token_endpoint"] == "https://login.example/api/oauth/token"
    assert server.exchange("GET", DOCUMENT).status == 404
