"""Access tokens that an API checks by itself (RFC 9068), and the keys that sign them."""

import json
import time

import pytest

from harness import http, jwt
from harness.keys import key_of
from harness.patience import eventually

KEY_SET = "/api/oauth/jwks.json"
SIGNED = "application/token-introspection+jwt"
ALGORITHMS = ["ES256", "EdDSA", "RS256", "PS256"]


@pytest.fixture(scope="module")
def settings():
    """A service an algorithm, and keys that rotate by hand within seconds."""
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    services = [{"audience": audience, "parameters": {"tenant": "acme", "internal": "7"},
                 "access_token": {"format": "jwt", "claims": ["tenant"]}}]
    services += [{"path": f"/{name}/token", "audience": audience,
                  "access_token": {"format": "jwt", "algorithm": name}} for name in ALGORITHMS[1:]]
    services.append({"path": "/refreshed/token", "audience": audience,
                     "access_token": {"format": "jwt"}, "refresh_token": {"issue": True}})
    return {"signing_keys": {"max_age": "1s", "announce_for": "3s"}, "token_services": services}


def key_set(server):
    answer = server.exchange("GET", KEY_SET)
    assert answer.status == 200
    return answer.json


def test_a_token_says_all_that_rfc_9068_wants(server, billing):
    answer = server.grant(billing, scope="invoices.write")
    token = answer.json["access_token"]
    claims = jwt.verified_claims(token, key_set(server))
    header = jwt.header_of(token)
    now = time.time()
    assert header["typ"] == "at+jwt" and header["alg"] == "ES256"
    assert now - 60 < claims.pop("iat") <= now
    assert now + 3540 < claims.pop("exp") <= now + 3600
    assert len(claims.pop("jti")) == 29
    assert claims == {"iss": server.url, "sub": "billing", "client_id": "billing",
                      "aud": server.url, "scope": "invoices.write", "tenant": "acme"}
    assert answer.json["token_type"] == "Bearer"


@pytest.mark.parametrize("algorithm", ALGORITHMS[1:])
def test_a_token_is_signed_by_the_algorithm_of_its_service(server, billing, algorithm):
    answer = server.present(server.assertion(billing), f"/{algorithm}/token")
    assert jwt.header_of(answer.json["access_token"])["alg"] == algorithm
    assert jwt.is_signed_by(answer.json["access_token"], key_set(server))


def test_a_token_is_known_to_introspection_and_check_until_it_is_revoked(server, billing,
                                                                         inspector):
    credentials = server.client_assertion(billing)
    token = server.token(billing)
    members = server.introspect(token, inspector).json
    assert members["active"] and members["jti"] == jwt.claims_of(token)["jti"]
    assert members["internal"] == "7"
    assert server.check(token).status == 200

    assert server.revoke(token, **credentials).status == 200
    assert server.introspect(token, inspector).json == {"active": False}
    assert server.check(token).status == 401


def test_a_token_with_a_changed_claim_is_none(server, billing, inspector):
    head, _, signature = server.token(billing).split(".")
    claims = json.dumps({"jti": "A" * 29, "sub": "admin"})
    forged = f"{head}.{jwt.base64.urlsafe_b64encode(claims.encode()).decode().rstrip('=')}.{signature}"
    assert not jwt.is_signed_by(forged, key_set(server))
    assert server.introspect(forged, inspector).json == {"active": False}


def test_a_refresh_gives_another_jwt(server, billing):
    first = server.present(server.assertion(billing), "/refreshed/token").json
    second = server.refresh(first["refresh_token"], path="/refreshed/token",
                            **server.client_assertion(billing)).json
    assert "." not in first["refresh_token"]
    assert jwt.is_signed_by(second["access_token"], key_set(server))
    assert first["access_token"] != second["access_token"]


def test_the_key_set_can_be_kept_and_asked_for_again(server):
    answer = server.exchange("GET", KEY_SET)
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = server.exchange("GET", KEY_SET, headers=tag)
    assert (again.status, again.body) == (304, b"")
    assert "d" not in {member for key in answer.json["keys"] for member in key}


def test_introspection_is_signed_for_who_accepts_it(server, billing, inspector):
    token = server.token(billing)
    answer = server.post("/api/oauth/introspect", {"token": token},
                         {**http.basic(*inspector), "Accept": SIGNED})
    assert answer.headers["Content-Type"] == SIGNED
    claims = jwt.verified_claims(answer.text, key_set(server))
    assert jwt.header_of(answer.text)["typ"] == "token-introspection+jwt"
    assert set(claims) == {"iss", "aud", "iat", "token_introspection"}
    assert (claims["iss"], claims["aud"]) == (server.url, inspector[0])
    assert claims["token_introspection"] == server.introspect(token, inspector).json


def keys_of(server, state):
    listed = server.installation.run("key", "list", "--json").json["keys"]
    return [key["kid"] for key in listed if key["state"] == state and key["alg"] == "ES256"]


def test_a_revoked_key_is_gone_within_a_second(server, billing, inspector):
    token = server.token(billing)
    kid = jwt.header_of(token)["kid"]
    assert server.installation.run("key", "revoke", kid).status == 0
    eventually(lambda: not jwt.is_signed_by(token, key_set(server)), within=2.0)
    other = server.token(billing)
    assert jwt.header_of(other)["kid"] != kid
    assert jwt.is_signed_by(other, key_set(server))
    # It was really issued: whoever asks is told so.
    assert server.introspect(token, inspector).json["active"]


def test_published_keys_are_written_as_pem_files(server, tmp_path):
    assert server.installation.run("key", "list", "--pem", tmp_path).status == 0
    published = {f"{key['kid']}.pem" for key in key_set(server)["keys"]}
    assert {file.name for file in tmp_path.iterdir()} == published
    assert all(file.read_text().startswith("-----BEGIN PUBLIC KEY-----")
               for file in tmp_path.iterdir())
    # Those that are gone are taken away.
    gone = keys_of(server, "gone")[0]
    (tmp_path / f"{gone}.pem").write_text("old")
    server.installation.run("key", "list", "--pem", tmp_path)
    assert not (tmp_path / f"{gone}.pem").exists()


def test_keys_outlive_a_restart(servers):
    server = servers.start({"token_services": [{"access_token": {"format": "jwt"}}]})
    client = server.register("billing", key_of("P-256", "billing"), algorithm="ES256")
    first = key_set(server)
    server.stop()
    server.start()
    assert key_set(server) == first
    assert jwt.is_signed_by(server.token(client), first)


def test_a_server_without_the_keys_secret_does_not_begin(servers):
    server = servers.start({"token_services": [{"access_token": {"format": "jwt"}}]})
    server.stop()
    (server.installation.data / "signing-keys.secret").write_text("x" * 40)
    server.launch()
    assert server.end() == 1
    assert "another secret than signing_keys.encryption_key" in server.installation.log.read_text()


def test_the_private_keys_are_in_no_file_in_clear(server):
    server.token_info("x", ("x", "y"))
    for file in server.installation.data.iterdir():
        if file.is_file():
            assert b'"d":' not in file.read_bytes(), file


@pytest.mark.parametrize("arguments", [("rotate", "--alg", "HS256"), ("revoke", "unknown")])
def test_a_key_command_says_what_is_wrong(server, arguments):
    outcome = server.installation.run("key", *arguments)
    assert outcome.status != 0
    assert outcome.err.startswith("assay: ")
