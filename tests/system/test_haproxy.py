"""HAProxy with the config of examples/ checks JWT access tokens by itself, through rotations too."""

import contextlib
import hashlib
import hmac
import time

import pytest

from harness import dpop, http, jwt
from harness.assertions import ABSENT, Client
from harness.haproxy import Haproxy
from harness.keys import base64url, key_of
from harness.patience import answer_of, eventually

SHORT, OTHER, RSA, OPAQUE = "/short/token", "/other/token", "/rsa/token", "/opaque/token"
NO_ERROR = 'Bearer realm="assay"'
INVALID_TOKEN = 'Bearer realm="assay", error="invalid_token"'

# As the name of a key may: a dash in front is no option of HAProxy's.
OWN_KID = "-own_key"


@pytest.fixture(scope="module")
def settings():
    """Services of JWTs, but for one, and keys that rotate by hand within seconds."""
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]

    def service(path, **members):
        return {"path": path, "audience": audience,
                "access_token": {"format": "jwt", **members.pop("access_token", {})}, **members}

    return {"signing_keys": {"max_age": "1s", "announce_for": "3s"}, "token_services": [
        service("/api/oauth/token"), service(SHORT, access_token={"lifetime": "1s"}),
        service(OTHER, resource=["https://other.example/api"]),
        service(RSA, access_token={"algorithm": "RS256"}),
        service(OPAQUE, access_token={"format": "opaque"})]}


@pytest.fixture(scope="module")
def own_key():
    return key_of("P-256", "own")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, server, billing, running_api, own_key):
    """It knows Assay's keys, and one more, with which a test signs what Assay never would."""
    server.token(billing)
    gateway = Haproxy(tmp_path_factory.mktemp("haproxy"), server, running_api.address)
    gateway.trust(OWN_KID, own_key)
    assert gateway.refresh() == (0, "")
    yield gateway.start()
    gateway.stop()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def call(gateway, token, path="/invoices/7"):
    return gateway.exchange("GET", path, headers=bearer(token))


def token_of(server, client, path="/api/oauth/token", headers=None, **parameters):
    answer = server.present(server.assertion(client), path, headers, **parameters)
    assert answer.status == 200, answer
    return answer.json["access_token"]


def own_token(server, key, header=None, **claims):
    """One as Assay makes them, but for the members named, signed with the test's own key."""
    signer = Client("billing", key, "ES256", OWN_KID)
    ordinary = {"iss": server.url, "sub": "billing", "client_id": "billing",
                "scope": "invoices.read"}
    return signer.assertion(server.url, {"typ": "at+jwt", **(header or {})},
                            **{**ordinary, **claims})


def assert_refused(answer, api, status=401, challenge=INVALID_TOKEN):
    assert answer.status == status
    assert answer.headers.get_all("WWW-Authenticate") == [challenge]
    assert api.calls == []


# What is granted.

def test_a_good_token_reaches_the_api_with_what_it_says(server, gateway, billing):
    token = token_of(server, billing, scope="invoices.read invoices.write")
    forged = {"X-Assay-Client": "admin", "x_assay-subject": "admin", "X-Assay-Role": "admin"}
    answer = gateway.exchange("GET", "/invoices/7?year=2026", headers={**forged, **bearer(token)})
    assert (answer.status, answer.json["path"]) == (200, "/invoices/7?year=2026")
    assert token not in answer.text
    seen = {name.lower(): value for name, value in answer.json["headers"]}
    assert {name: value for name, value in seen.items()
            if name.replace("_", "-").startswith("x-assay")} == {
        "x-assay-client": "billing", "x-assay-subject": "billing",
        "x-assay-scope": "invoices.read invoices.write",
        "x-assay-expires": str(jwt.claims_of(token)["exp"])}


def test_the_tests_own_key_is_one_of_those_that_count(server, gateway, own_key):
    assert call(gateway, own_token(server, own_key)).status == 200


# What is refused of what Assay issues.

def test_a_token_that_is_over_is_refused(server, gateway, billing, api):
    token = token_of(server, billing, SHORT)
    eventually(lambda: time.time() >= jwt.claims_of(token)["exp"])
    assert_refused(call(gateway, token), api)


def test_a_token_for_another_api_is_refused(server, gateway, billing, api):
    assert_refused(call(gateway, token_of(server, billing, OTHER)), api)


def test_a_token_of_another_algorithm_is_refused(server, gateway, billing, api):
    token = token_of(server, billing, RSA)
    assert gateway.refresh() == (0, "")
    assert jwt.header_of(token)["kid"] not in gateway.known_keys()
    assert_refused(call(gateway, token), api)


def test_an_opaque_token_is_refused(server, gateway, billing, api):
    assert_refused(call(gateway, token_of(server, billing, OPAQUE)), api)


@pytest.mark.parametrize("scheme, challenge", [("Bearer", INVALID_TOKEN), ("DPoP", NO_ERROR)])
def test_a_stolen_bound_token_is_refused(server, gateway, billing, api, scheme, challenge):
    proof = dpop.proof(key_of("P-256", "proofs"), "POST", server.url + "/api/oauth/token")
    token = token_of(server, billing, headers={"DPoP": proof})
    assert "cnf" in jwt.claims_of(token)
    answer = gateway.exchange("GET", "/invoices/7", headers={"Authorization": f"{scheme} {token}"})
    assert_refused(answer, api, challenge=challenge)


def test_a_signed_answer_of_introspection_is_no_token(server, gateway, billing, inspector, api):
    answer = server.post(
        "/api/oauth/introspect", {"token": server.token(billing)},
        {**http.basic(*inspector), "Accept": "application/token-introspection+jwt"})
    assert_refused(call(gateway, answer.text), api)


def test_a_missing_scope_is_named(server, gateway, billing, api):
    token = token_of(server, billing, scope="invoices.write")
    assert_refused(call(gateway, token), api, 403, 'Bearer realm="assay", '
                   'error="insufficient_scope", scope="invoices.read"')


# What is refused although a key that counts has signed it.

BAD_CLAIMS = {
    "of another issuer": {"iss": "https://other.example"},
    "without an issuer": {"iss": ABSENT},
    "without an audience": {"aud": ABSENT},
    "over": {"exp": 1},
    "over before 1970": {"exp": -5},
    "never over": {"exp": ABSENT},
    "over at no time": {"exp": "soon"},
    "over at one of several times": {"exp": [99999999999]},
    "of no client": {"client_id": ABSENT},
    "of no subject": {"sub": ABSENT},
    "bound to a key": {"cnf": {"jkt": "A" * 43}},
    "bound to a certificate": {"cnf": {"x5t#S256": "A" * 43}},
    "that writes headers": {"sub": "robot\r\nX-Assay-Role: admin"},
    "of a client that writes headers": {"client_id": "billing\nX-Assay-Role: admin"},
    "that ends a header": {"scope": "invoices.read \u0000"},
}


@pytest.mark.parametrize("claims", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_a_token_is_refused_for_a_claim(server, gateway, own_key, api, claims):
    assert_refused(call(gateway, own_token(server, own_key, **claims)), api)


def test_a_token_for_several_apis_is_refused(server, gateway, own_key, api):
    for audience in ([server.url], [server.url, "https://other.example"], []):
        assert_refused(call(gateway, own_token(server, own_key, aud=audience)), api)


@pytest.mark.parametrize("typ", ["JWT", "token-introspection+jwt", "dpop+jwt", ABSENT])
def test_a_jwt_of_another_type_is_refused(server, gateway, own_key, api, typ):
    assert_refused(call(gateway, own_token(server, own_key, {"typ": typ})), api)


@pytest.mark.parametrize("kid", ["unknown", f"../assay/{OWN_KID}", f"{OWN_KID}.pem",
                                 OWN_KID.upper(), "", 7, [OWN_KID], ABSENT])
def test_an_unknown_key_is_refused(server, gateway, own_key, api, kid):
    assert_refused(call(gateway, own_token(server, own_key, {"kid": kid})), api)


def test_the_path_of_a_key_is_no_name_of_it(server, gateway, own_key, api):
    header = {"kid": str(gateway.keys / f"{OWN_KID}.pem")}
    assert_refused(call(gateway, own_token(server, own_key, header)), api)


# What nobody has signed.

def test_a_key_does_not_sign_in_the_name_of_another(server, gateway, billing, own_key, api):
    kid = jwt.header_of(server.token(billing))["kid"]
    assert_refused(call(gateway, own_token(server, own_key, {"kid": kid})), api)


def test_a_changed_claim_is_refused(server, gateway, own_key, api):
    head, _, signature = own_token(server, own_key).split(".")
    _, claims, _ = own_token(server, own_key, sub="admin").split(".")
    assert_refused(call(gateway, f"{head}.{claims}.{signature}"), api)


def test_the_public_key_is_no_secret_to_sign_with(server, gateway, own_key, api):
    """The algorithm is not the token's choice."""
    signed, _, _ = own_token(server, own_key, {"alg": "HS256"}).rpartition(".")
    file = gateway.keys / f"{OWN_KID}.pem"
    for secret in (file.read_bytes(), str(file).encode()):
        signature = base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))
        assert_refused(call(gateway, f"{signed}.{signature}"), api)


@pytest.mark.parametrize("algorithm", ["none", "None", ABSENT])
def test_a_token_without_a_signature_is_refused(server, gateway, own_key, api, algorithm):
    signed, _, _ = own_token(server, own_key, {"alg": algorithm}).rpartition(".")
    for token in (signed, f"{signed}.", f"{signed}.AA"):
        assert_refused(call(gateway, token), api)


@pytest.mark.parametrize("token", ["x", "..", "a.b.c", "e30.e30.", "A" * 4000])
def test_what_is_no_token_is_refused(gateway, api, token):
    assert_refused(call(gateway, token), api)


def test_a_token_with_a_part_too_many_is_refused(server, gateway, own_key, api):
    token = own_token(server, own_key)
    for changed in (f"{token}.e30", f"e30.{token}", f".{token}", f"{token}."):
        assert_refused(call(gateway, changed), api)


@pytest.mark.parametrize("headers", [{}, http.basic("billing", "a secret"), bearer("")],
                         ids=["none", "basic", "empty"])
def test_no_token_is_refused_and_asked_for(gateway, api, headers):
    answer = gateway.exchange("GET", "/invoices/7", headers=headers)
    assert_refused(answer, api, challenge=NO_ERROR)


def test_two_tokens_are_refused(server, gateway, billing, api):
    """In two headers as in one."""
    token = server.token(billing)
    for between in ("\r\nAuthorization: ", ", "):
        lines = f"Authorization: Bearer {token}{between}Bearer {token}\r\n"
        request = f"GET /invoices/7 HTTP/1.1\r\nHost: {gateway.address}\r\n{lines}\r\n"
        with http.connect(f"http://{gateway.address}") as connection:
            connection.sendall(request.encode())
            assert_refused(http.read_answer(connection), api, 400,
                           'Bearer realm="assay", error="invalid_request"')


@pytest.mark.parametrize("path", ["/", "/payroll/", "/invoices/../payroll/",
                                  "/invoices/%2e%2E/payroll/", "/invoices/..%2fpayroll",
                                  "/invoices/..;/payroll/", "/invoices/..", "/invoices/x\\..\\y"])
def test_other_paths_are_closed_even_with_a_token(server, gateway, billing, api, path):
    assert call(gateway, server.token(billing), path).status == 404
    assert api.calls == []


# Keys that come and go.

def refresh_and_load(gateway):
    """Runs refresh-keys.sh, which finds something new."""
    before = gateway.reloads()
    assert gateway.refresh() == (0, "")
    assert gateway.reloads() == before + 1
    gateway.await_loaded()


def kids(server, state):
    listed = server.installation.run("key", "list", "--json").json["keys"]
    return {key["kid"] for key in listed if key["state"] == state and key["alg"] == "ES256"}


def test_without_a_change_nothing_is_reloaded(gateway):
    assert gateway.refresh() == (0, "")
    before = gateway.reloads()
    assert gateway.refresh() == (0, "")
    assert gateway.reloads() == before


def test_no_token_is_refused_across_a_rotation_and_all_of_a_revoked_key_are(server, gateway,
                                                                            billing):
    old = server.token(billing)
    assert server.installation.run("key", "rotate").status == 0
    [announced] = kids(server, "announced")
    refresh_and_load(gateway)
    # Before it signs: the first token of it is good with nothing done in between.
    assert announced in gateway.known_keys()
    assert kids(server, "announced") == {announced}
    new = eventually(lambda: signed_by(announced, server.token(billing)))
    assert call(gateway, new).status == 200
    assert call(gateway, old).status == 200

    assert server.installation.run("key", "revoke", announced).status == 0
    refresh_and_load(gateway)
    assert announced not in gateway.known_keys()
    assert answer_of(401, lambda: call(gateway, new)).headers["WWW-Authenticate"] == INVALID_TOKEN
    assert call(gateway, old).status == 200
    replacement = eventually(lambda: signed_by_another(announced, server.token(billing)))
    assert call(gateway, replacement).status == 200


def signed_by(kid, token):
    return token if jwt.header_of(token)["kid"] == kid else None


def signed_by_another(kid, token):
    return token if jwt.header_of(token)["kid"] != kid else None


def test_a_connection_that_stays_open_does_not_keep_a_revoked_key(server, gateway, billing):
    assert gateway.refresh() == (0, "")
    token = server.token(billing)
    answer_of(200, lambda: call(gateway, token))
    with contextlib.closing(http.Session(f"http://{gateway.address}")) as session:
        assert session.exchange("GET", "/invoices/7", headers=bearer(token)).status == 200
        kid = jwt.header_of(token)["kid"]
        assert server.installation.run("key", "revoke", kid).status == 0
        refresh_and_load(gateway)
        with pytest.raises((http.NoAnswer, OSError)):
            session.exchange("GET", "/invoices/7", headers=bearer(token))
    assert call(gateway, token).status == 401


def test_a_reload_that_failed_is_tried_again(server, gateway):
    reload = gateway.folder / "reload"
    text = reload.read_text()
    reload.write_text("#!/bin/bash\nexit 1\n")
    server.installation.run("key", "rotate")
    assert gateway.refresh()[0] != 0
    reload.write_text(text)
    refresh_and_load(gateway)


def test_what_haproxy_would_not_load_is_not_put_in_place(server, gateway, own_key):
    config = gateway.folder / "haproxy.cfg"
    text, keys = config.read_text(), (gateway.keys / "keys.cfg").read_text()
    known, before = gateway.known_keys(), gateway.reloads()
    config.write_text(text + "nonsense\n")
    server.installation.run("key", "rotate", "--now")
    status, said = gateway.refresh()
    config.write_text(text)
    assert status != 0 and "nonsense" in said
    assert (gateway.keys / "keys.cfg").read_text() == keys
    assert known <= gateway.known_keys() and gateway.reloads() == before
    assert call(gateway, own_token(server, own_key)).status == 200


def test_without_assay_the_keys_stay_as_they_are(server, gateway, own_key):
    keys, config = gateway.known_keys(), server.installation.config
    text = config.read_text()
    config.write_text("nonsense: true")
    status, _ = gateway.refresh()
    config.write_text(text)
    assert status != 0 and gateway.known_keys() == keys
    assert call(gateway, own_token(server, own_key)).status == 200
