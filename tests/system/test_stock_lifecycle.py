"""Clients that know nothing of Assay get, refresh, inspect and revoke tokens with it."""

import authlib.integrations.requests_client as authlib
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from harness import clients
from harness.patience import eventually
from harness.server import REVOKE

INTROSPECT = "/api/oauth/introspect"
ALLOWED = ["--grant", "jwt-bearer", "--grant", "client_credentials", "--may-introspect",
           "--default-scope", "invoices.read", "--scope", "invoices.write"]


@pytest.fixture(scope="module")
def settings():
    return {"token_services": [{"refresh_token": {"issue": True, "grace": "0s"}}]}


@pytest.fixture(scope="module")
def owner(server):
    """How the ordinary application signs, and its id and secret."""
    return server.register_with_both("owner", *ALLOWED)


@pytest.fixture(scope="module")
def another(server):
    return server.register_with_both("another", *ALLOWED)


def pair_of(server, owner):
    """Of an access and a refresh token."""
    return server.grant(owner[0]).json


def is_active(server, token, owner):
    return server.introspect(token, owner[1]).json["active"]


# openid-client and oauth4webapi, from npm

NODE = [("openid_client.mjs", "private_key_jwt"), ("openid_client.mjs", "client_secret_basic"),
        ("oauth4webapi.mjs", "private_key_jwt")]


@pytest.fixture(scope="module", params=NODE, ids=" ".join)
def node(request, server):
    """Takes one step of an application with one of the libraries, and gives what came of it."""
    script, method = request.param

    def take(step, owner, **more):
        client, (client_id, secret) = owner
        key = server.installation.file(f"{client_id}.pem", client.key.private_pem())
        if method == "client_secret_basic":
            more = {"secret": secret, **more}
        return clients.run_node(script, {
            "issuer": server.url, "client_id": client_id, "key": str(key), "algorithm": "ES256",
            "scope": "invoices.write", "step": step, **more})
    return take


def test_node_gets_a_token_for_its_credentials(server, node, owner):
    token = node("credentials", owner)
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)
    assert token["scope"] == "invoices.write"
    assert "refresh_token" not in token
    assert is_active(server, token["access_token"], owner)


def test_node_refreshes(server, node, owner):
    first = pair_of(server, owner)
    second = node("refresh", owner, token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert is_active(server, second["access_token"], owner)


def test_node_asks_about_a_token(server, node, owner):
    members = node("introspect", owner, token=server.token(owner[0]))
    assert members["active"] is True
    assert members["client_id"] == owner[0].id


def test_node_revokes(server, node, owner):
    pair = pair_of(server, owner)
    assert node("revoke", owner, token=pair["refresh_token"]) is None
    assert not is_active(server, pair["access_token"], owner)


def test_node_is_refused_a_scope(node, owner):
    assert node("credentials", owner, scope="payroll") == {"error": "invalid_scope", "status": 400}


def test_node_is_refused_a_second_use_of_a_refresh_token(server, node, owner):
    token = pair_of(server, owner)["refresh_token"]
    assert "access_token" in node("refresh", owner, token=token)
    assert node("refresh", owner, token=token) == {"error": "invalid_grant", "status": 400}


def test_node_may_not_revoke_the_token_of_another(server, node, owner, another):
    token = server.token(another[0])
    assert node("revoke", owner, token=token) == {"error": "invalid_grant", "status": 400}
    assert is_active(server, token, owner)


@pytest.mark.parametrize("step", ["credentials", "refresh", "introspect", "revoke"])
def test_node_is_refused_with_the_credentials_of_nobody(server, node, owner, step):
    client, (_, secret) = owner
    result = node(step, (client, ("nobody", secret)), token=pair_of(server, owner)["refresh_token"])
    assert result == {"challenge": "basic", "status": 401}


# python3-authlib

def authlib_session(server, owner, **options):
    client_id, secret = owner[1]
    return authlib.OAuth2Session(client_id, secret, token_endpoint=server.audience(), **options)


def authlib_session_by_key(server, owner, audience):
    """Authlib makes `audience` the only one of its assertions, which it signs for an hour."""
    method = "private_key_jwt"
    session = authlib.OAuth2Session(
        owner[0].id, owner[0].key.private_pem(), token_endpoint=server.audience(),
        token_endpoint_auth_method=method, revocation_endpoint_auth_method=method)
    session.register_client_auth_method(PrivateKeyJWT(audience, alg="ES256"))
    return session


def test_authlib_gets_refreshes_inspects_and_revokes(server, owner):
    session = authlib_session(server, owner)
    token = session.fetch_token(scope="invoices.write")
    assert token["scope"] == "invoices.write"

    first = pair_of(server, owner)
    second = dict(session.refresh_token(server.audience(), first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]

    inspected = session.introspect_token(server.url + INTROSPECT, second["access_token"])
    assert inspected.json()["active"] is True

    revoked = session.revoke_token(server.url + REVOKE, second["refresh_token"],
                                   "refresh_token")
    assert revoked.status_code == 200
    assert not is_active(server, second["access_token"], owner)


def test_authlib_is_refused_with_a_wrong_secret(server, owner):
    session = authlib_session(server, (owner[0], (owner[0].id, "wrong")))
    with pytest.raises(OAuthError) as refusal:
        session.fetch_token()
    assert refusal.value.error == "invalid_client"
    for action, path in [(session.revoke_token, REVOKE), (session.introspect_token, INTROSPECT)]:
        assert action(server.url + path, "a token").status_code == 401


def test_authlib_is_refused_a_second_use_of_a_refresh_token(server, owner):
    token = pair_of(server, owner)["refresh_token"]
    session = authlib_session(server, owner)
    session.refresh_token(server.audience(), token)
    with pytest.raises(OAuthError) as refusal:
        session.refresh_token(server.audience(), token)
    assert refusal.value.error == "invalid_grant"


def test_authlib_may_not_revoke_the_token_of_another(server, owner, another):
    session = authlib_session(server, owner)
    revoked = session.revoke_token(server.url + REVOKE, server.token(another[0]))
    assert (revoked.status_code, revoked.json()["error"]) == (400, "invalid_grant")


@pytest.fixture(scope="module")
def patient(server):
    """Signs for an hour, as authlib does."""
    return server.register_with_both("patient", *ALLOWED, "--longest-assertion-life", "3600")


def test_authlib_authenticates_by_key(server, patient):
    session = authlib_session_by_key(server, patient, server.url)
    token = session.fetch_token(scope="invoices.write")
    inspected = session.introspect_token(server.url + INTROSPECT, token["access_token"])
    assert inspected.json()["active"] is True
    revoked = session.revoke_token(server.url + REVOKE, token["access_token"])
    assert revoked.status_code == 200
    assert not is_active(server, token["access_token"], patient)


def test_authlib_as_it_comes_needs_the_token_url_for_its_audience(server):
    """Which is what RFC 7523bis forbids, and what an application can be allowed for a while."""
    old = server.register_with_both("old", *ALLOWED, "--longest-assertion-life", "3600")
    session = authlib_session_by_key(server, old, None)
    with pytest.raises(OAuthError) as refusal:
        session.fetch_token()
    assert refusal.value.error == "invalid_client"
    outcome = server.installation.run("app", "update", "old", "--token-url-audience-until",
                                      "2100-01-01T00:00:00Z")
    assert outcome.status == 0, outcome.err
    assert eventually(lambda: fetched(session))["token_type"] == "Bearer"


def fetched(session):
    try:
        return session.fetch_token()
    except OAuthError:
        return None
