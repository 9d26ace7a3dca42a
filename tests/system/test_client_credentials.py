"""A client that proves itself gets a token for itself (RFC 6749 section 4.4)."""

import pytest

from harness import http
from harness.patience import answer_of

GRANT = ["--grant", "client_credentials"]
REFRESHED, XML = "/refreshed/token", "xml"


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [
        {"parameters": {"department": "sales"}},
        {"path": REFRESHED, "refresh_token": {"issue": True}}]}


@pytest.fixture(scope="module")
def robot(server):
    """How it signs, and its id and secret."""
    return server.register_with_both("robot", *GRANT, "--default-scope", "read",
                                     "--scope", "write")


@pytest.fixture(scope="module")
def basic(robot):
    return http.basic(*robot[1])


METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt"]


def prove(server, client, credentials, method):
    """The headers and the parameters that prove it."""
    client_id, secret = credentials
    return {"client_secret_basic": lambda: (http.basic(client_id, secret), {}),
            "client_secret_post": lambda: ({}, {"client_id": client_id, "client_secret": secret}),
            "private_key_jwt": lambda: ({}, server.client_assertion(client))}[method]()


def check_refused(server, answer, status, error, reason):
    assert (answer.status, answer.json["error"]) == (status, error)
    assert server.reason(answer) == reason


@pytest.mark.parametrize("method", METHODS)
def test_a_client_gets_a_token_by(server, robot, inspector, method):
    headers, parameters = prove(server, *robot, method)
    answer = server.client_credentials(headers, **parameters)
    assert answer.status == 200
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
    assert server.introspect(answer.json["access_token"], inspector).json["active"]


def test_the_token_is_the_clients_own(server, basic, inspector):
    token = server.client_credentials(basic).json["access_token"]
    members = server.introspect(token, inspector).json
    assert (members["client_id"], members["sub"]) == ("robot", "robot")
    assert members["aud"] == server.url
    assert members["department"] == "sales"


def test_there_is_no_refresh_token_even_where_there_are_some(server, robot, basic):
    """RFC 6749 section 4.4.3: the client can ask again by the same credentials."""
    assert "refresh_token" in server.present(server.assertion(
        server.register_with_both("refreshing")[0]), REFRESHED).json
    answer = server.client_credentials(basic, REFRESHED)
    assert answer.status == 200
    assert "refresh_token" not in answer.json


def test_no_cache_keeps_the_answer(server, basic):
    answer = server.client_credentials(basic)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Pragma"] == "no-cache"


@pytest.mark.parametrize("scope, granted", [
    (None, "read"), ("", "read"), ("write", "write"), ("read write", "read write"),
    ("write payroll", "write")])
def test_the_scope_is_worked_out_as_for_an_assertion(server, basic, scope, granted):
    assert server.client_credentials(basic, scope=scope).json["scope"] == granted


@pytest.mark.parametrize("scope, reason", [
    ("payroll", "scope_not_allowed"), ('say "please"', "scope_malformed")])
def test_a_scope_is_refused(server, basic, scope, reason):
    answer = server.client_credentials(basic, scope=scope)
    check_refused(server, answer, 400, "invalid_scope", reason)


def test_the_form_of_the_answer_can_be_chosen(server, basic):
    answer = server.client_credentials(basic, format=XML)
    assert answer.status == 200
    assert "<access_token>" in answer.text


def test_unknown_parameters_are_ignored(server, basic):
    assert server.client_credentials(basic, prompt="none", unheard_of="1").status == 200


# Who gets none.

def test_an_application_without_the_grant_is_unauthorized(server):
    credentials = server.register_with_both("asserting")[1]
    answer = server.client_credentials(http.basic(*credentials))
    check_refused(server, answer, 400, "unauthorized_client", "grant_not_allowed")


def test_only_who_is_proven_learns_that_the_grant_is_not_allowed(server):
    server.register_with_both("quiet")
    answer = server.client_credentials(http.basic("quiet", "wrong"))
    check_refused(server, answer, 401, "invalid_client", "client_secret_wrong")


@pytest.mark.parametrize("parameters", [{}, {"client_id": "robot"}], ids=["nothing", "an id"])
def test_who_proves_nothing_gets_nothing(server, robot, parameters):
    answer = server.client_credentials(**parameters)
    check_refused(server, answer, 401, "invalid_client", "client_authentication_missing")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_an_application_that_may_go_without_authentication_gets_no_token_for_its_id(server):
    """RFC 6749 section 4.4: this grant is for confidential clients alone."""
    client, _ = server.register_with_both("public", *GRANT)
    server.installation.run("app", "update", "public", "--auth", "none")
    answer = answer_of(401, lambda: server.client_credentials(**server.client_assertion(client)))
    check_refused(server, answer, 401, "invalid_client", "client_method_not_allowed")
    answer = server.client_credentials(client_id="public")
    assert (answer.status, answer.json["error"]) == (401, "invalid_client")


def test_a_client_assertion_is_good_for_one_token(server, robot):
    proof = server.client_assertion(robot[0])
    assert server.client_credentials(**proof).status == 200
    answer = server.client_credentials(**proof)
    check_refused(server, answer, 401, "invalid_client", "client_assertion_refused")
    assert "assertion_replayed" in server.audit_line(answer)["detail"]


def test_a_client_assertion_of_a_refused_request_is_still_good(server, robot):
    """A request that is refused on its merits leaves no trace."""
    proof = server.client_assertion(robot[0])
    answer = server.client_credentials(**proof, scope="payroll")
    check_refused(server, answer, 400, "invalid_scope", "scope_not_allowed")
    assert server.client_credentials(**proof).status == 200


def test_the_audit_line_names_the_grant(server, basic):
    line = server.audit_line(server.client_credentials(basic))
    assert (line["event"], line["outcome"]) == ("token", "granted")
    assert (line["grant_type"], line["client_id"]) == ("client_credentials", "robot")
    assert line["scope"] == "read"
