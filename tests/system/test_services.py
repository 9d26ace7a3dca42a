"""Several token services in one server, each with its own settings."""

import string

import pytest

from harness.assertions import Client
from harness.installation import ORIGIN, TOKEN_PATH
from harness.keys import key_of
from harness.patience import eventually

PARTNERS, DAILY = "/partners/oauth/token", "/daily/token"


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [
        {},
        {"path": PARTNERS, "registry": "Partners",
         "audience": ["https://partners.example/token", "urn:example:partners"],
         "access_token": {"lifetime": "60s", "length": 100, "type": "Token"},
         "parameters": {"realm": "partners"}},
        {"path": DAILY, "audience": [ORIGIN + DAILY],
         "access_token": {"lifetime": "86400s", "length": 22},
         "refresh_token": {"issue": True, "lifetime": "7200s", "length": 30}},
    ]}


@pytest.fixture(scope="module")
def partner(server):
    """Registered in the partners' table alone."""
    file = server.installation.file("partner.jwk", key_of("P-256", "partner").jwk())
    server.installation.register("partner", "--table", "Partners", "--jwk", file,
                                 "--default-scope", "orders")
    client = Client("partner", key_of("P-256", "partner"), "ES256")
    eventually(lambda: server.knows(client, PARTNERS))
    return client


def ask(server, client, path, audience):
    return server.present(client.assertion(audience), path)


@pytest.mark.parametrize("audience", ["https://partners.example/token", "urn:example:partners"])
def test_a_service_has_audiences_of_its_own(server, partner, audience):
    assert ask(server, partner, PARTNERS, audience).status == 200


def test_the_audience_of_another_service_is_refused(server, partner, billing):
    answer = ask(server, partner, PARTNERS, server.audience())
    assert server.reason(answer) == "audience_mismatch"
    answer = ask(server, billing, TOKEN_PATH, "urn:example:partners")
    assert server.reason(answer) == "audience_mismatch"


def test_a_service_has_a_registry_of_its_own(server, partner, billing):
    answer = ask(server, billing, PARTNERS, "urn:example:partners")
    assert server.reason(answer) == "issuer_unknown"
    answer = ask(server, partner, TOKEN_PATH, server.audience())
    assert server.reason(answer) == "issuer_unknown"


def test_the_command_line_lists_each_registry_by_itself(server, partner, billing):
    def ids(*options):
        listed = server.installation.run("app", "list", "--json", *options).json
        return [record["client_id"] for record in listed["applications"]]
    assert "partner" in ids("--table", "Partners") and "billing" not in ids("--table", "Partners")
    assert "billing" in ids() and "partner" not in ids()


@pytest.mark.parametrize("path, audience, length, lifetime, token_type", [
    (PARTNERS, "urn:example:partners", 100, 60, "Token"),
    (DAILY, "{url}" + DAILY, 22, 86400, "Bearer"),
    (TOKEN_PATH, "{url}" + TOKEN_PATH, 54, 3600, "Bearer")])
def test_a_service_has_tokens_of_its_own(server, partner, billing, path, audience, length,
                                         lifetime, token_type):
    client = partner if path == PARTNERS else billing
    members = ask(server, client, path, audience.format(url=server.url)).json
    assert len(members["access_token"]) == length
    assert set(members["access_token"]) <= set(string.ascii_letters + string.digits)
    assert members["expires_in"] == lifetime
    assert members["token_type"] == token_type


def test_the_parameters_of_a_service_are_stored_with_its_tokens(server, partner, billing,
                                                                inspector):
    token = ask(server, partner, PARTNERS, "urn:example:partners").json["access_token"]
    assert server.introspect(token, inspector).json["realm"] == "partners"
    assert "realm" not in server.introspect(server.token(billing), inspector).json


def test_a_refresh_token_is_issued_only_where_it_is_switched_on(server, billing):
    daily = ask(server, billing, DAILY, server.audience(DAILY)).json
    assert len(daily["refresh_token"]) == 30
    assert daily["refresh_token"] != daily["access_token"]
    assert "refresh_token" not in server.grant(billing).json


def test_a_revoked_refresh_token_takes_its_access_token_along(server, billing, inspector):
    pair = ask(server, billing, DAILY, server.audience(DAILY)).json
    other = ask(server, billing, DAILY, server.audience(DAILY)).json
    assert server.installation.run("token", "revoke", pair["refresh_token"]).status == 0
    assert server.introspect(pair["access_token"], inspector).json == {"active": False}
    assert server.installation.run("token", "revoke", pair["refresh_token"]).status == 1
    assert server.introspect(other["access_token"], inspector).json["active"]


def test_the_audit_log_names_the_service(server, partner):
    answer = ask(server, partner, PARTNERS, "urn:example:partners")
    assert server.audit_line(answer)["service"] == PARTNERS
