"""Clients that know nothing of Assay, straight from their packages, get tokens for assertions."""

import json
import re
import subprocess

import authlib.integrations.requests_client as authlib
import google.auth.exceptions
import google.auth.transport.requests
import google.oauth2.service_account
import pytest
from authlib.oauth2 import OAuth2Error

from harness import clients
from harness.installation import clean_environment
from harness.keys import key_of
from harness.patience import answer_of, eventually

ROBOT = "robot@project.iam.example.com"
SCOPES = ["invoices.read", "invoices.write"]

# google-auth and Go sign for an hour; the default is five minutes.
AN_HOUR = ["--longest-assertion-life", "3600"]


def register(server, client_id, *options, kind="RSA"):
    """An application with the scopes above, and the file of its private key."""
    algorithm = {"RSA": "RS256", "P-256": "ES256"}[kind]
    key = key_of(kind, "stock")
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    server.register(client_id, key, *scopes, *options, algorithm=algorithm, kid="key-1")
    return server.installation.file(f"{client_id}.pem", key.private_pem())


# python3-google-auth

def service_account(server, client_id, scopes):
    """As from the file that Google's console gives out, with another `token_uri`."""
    return google.oauth2.service_account.Credentials.from_service_account_info({
        "type": "service_account", "project_id": "project", "client_email": client_id,
        "private_key_id": "key-1", "private_key": key_of("RSA", "stock").private_pem(),
        "token_uri": server.audience()}, scopes=scopes)


def test_google_auth_gets_a_token(server, inspector):
    register(server, ROBOT, *AN_HOUR)
    credentials = service_account(server, ROBOT, SCOPES)
    credentials.refresh(google.auth.transport.requests.Request())
    assert credentials.valid
    members = server.introspect(credentials.token, inspector).json
    assert members["client_id"] == ROBOT
    assert members["scope"].split() == SCOPES


def test_google_auth_is_refused_when_an_hour_is_too_long(server):
    register(server, "hasty@project.iam.example.com")
    credentials = service_account(server, "hasty@project.iam.example.com", SCOPES)
    with pytest.raises(google.auth.exceptions.RefreshError, match="invalid_grant"):
        credentials.refresh(google.auth.transport.requests.Request())
    line = eventually(lambda: line_about(server, issuer="hasty@project.iam.example.com",
                                         reason="life_too_long"))
    assert re.search(r"at most 300 s ahead .* found 3(600|5\d\d) s ahead", line["detail"])


def line_about(server, **members):
    """The first line of the audit log that has these members, if there is one."""
    return next((line for line in server.installation.audit_lines()
                 if members.items() <= line.items()), None)


# python3-authlib

def authlib_session(server, client_id, scope, **options):
    return authlib.AssertionSession(
        server.audience(), client_id, client_id, scope=scope, header={"alg": "RS256"},
        key=key_of("RSA", "stock").private_pem(), expires_in=120, **options)


def test_authlib_gets_a_token(server, inspector):
    register(server, "authlib")
    token = authlib_session(server, "authlib", "invoices.read").refresh_token()
    assert token["expires_in"] == 3600
    assert server.introspect(token["access_token"], inspector).json["client_id"] == "authlib"


def test_authlib_is_refused_a_scope_that_is_not_registered(server):
    register(server, "authlib-too-much")
    session = authlib_session(server, "authlib-too-much", "payroll")
    with pytest.raises(OAuth2Error) as refusal:
        session.refresh_token()
    assert refusal.value.error == "invalid_scope"


# golang.org/x/oauth2/jwt

def run_go(server, client_id, key_file, *options):
    """Its exit status, and what it printed."""
    done = subprocess.run(
        [clients.go_client(), "-url", server.audience(), "-id", client_id, "-key", key_file,
         "-kid", "key-1", *options], capture_output=True, text=True, timeout=60,
        env=clean_environment())
    return done.returncode, json.loads(done.stdout)


def test_go_gets_a_token(server, inspector):
    key_file = register(server, "go", *AN_HOUR)
    status, token = run_go(server, "go", key_file, "-scope", "invoices.read", "-sub", "go")
    assert status == 0
    assert token["token_type"] == "Bearer"
    assert token["scope"] == "invoices.read"
    assert 3500 < token["seconds_left"] <= 3600
    assert server.introspect(token["access_token"], inspector).json["sub"] == "go"


def test_go_is_refused_another_subject(server):
    key_file = register(server, "go-for-others", *AN_HOUR)
    status, error = run_go(server, "go-for-others", key_file, "-sub", "somebody")
    assert status == 1
    assert error["error"] == "invalid_grant"


def test_go_is_refused_when_an_hour_is_too_long(server):
    key_file = register(server, "go-hasty")
    status, error = run_go(server, "go-hasty", key_file)
    assert (status, error["error"]) == (1, "invalid_grant")
    status, _ = run_go(server, "go-hasty", key_file, "-life", "2m")
    assert status == 0


# openid-client and oauth4webapi, from npm

SCRIPTS = ["openid_client.mjs", "oauth4webapi.mjs"]


def order(server, client_id, key_file, algorithm, **more):
    return {"issuer": server.url, "client_id": client_id, "key": str(key_file), "step": "grant",
            "algorithm": algorithm, "scope": "invoices.read", **more}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("kind, algorithm", [("RSA", "RS256"), ("RSA", "PS256"),
                                             ("P-256", "ES256")])
def test_node_gets_a_token_and_asks_about_it(server, script, kind, algorithm):
    client_id = f"{script}-{algorithm}"
    key_file = register(server, client_id, "--may-introspect", kind=kind)
    token = clients.run_node(script, order(server, client_id, key_file, algorithm))
    assert token["token_type"] == "bearer"
    assert token["expires_in"] == 3600
    assert token["scope"] == "invoices.read"
    members = clients.run_node(script, order(server, client_id, key_file, algorithm,
                                             step="introspect", token=token["access_token"]))
    assert members["active"] is True
    assert members["client_id"] == client_id


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("wish, error", [
    ({"audience": "https://elsewhere.example"}, "invalid_grant"),
    ({"scope": "payroll"}, "invalid_scope")], ids=["audience", "scope"])
def test_node_is_refused_another(server, script, wish, error):
    client_id = f"{script}-{error}"
    key_file = register(server, client_id, kind="P-256")
    result = clients.run_node(script, order(server, client_id, key_file, "ES256", **wish))
    assert result == {"error": error, "status": 400}


# The openssl command

MAKE_KEY = {
    "RS256": ["-newkey", "rsa:2048"],
    "PS256": ["-newkey", "rsa:2048"],
    "EdDSA": ["-newkey", "ed25519"],
}


@pytest.mark.parametrize("algorithm", MAKE_KEY)
def test_openssl_and_a_shell_are_client_enough(server, tmp_path, algorithm):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    clients.run("openssl", "req", "-x509", "-nodes", *MAKE_KEY[algorithm], "-keyout", key,
                "-out", certificate, "-days", "1", "-subj", "/CN=by hand")
    server.installation.register(f"hand-{algorithm}", "--cert", certificate)

    def present(audience):
        assertion = clients.run(clients.SOURCES / "openssl.sh", algorithm, key,
                                f"hand-{algorithm}", audience)
        return server.present(assertion)

    answer_of(200, lambda: present(server.audience()))
    answer = present("https://elsewhere.example")
    assert answer.json["error"] == "invalid_grant"
    assert server.reason(answer) == "audience_mismatch"
