"""Tokens that are of no use to who stole them: DPoP (RFC 9449), client certificates (RFC 8705)."""

import base64
import hashlib
import time
import urllib.parse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from harness import dpop, jwt
from harness.assertions import ABSENT
from harness.keys import base64url, key_of

API = "https://api.example/invoices"
FORWARDED = {"X-Forwarded-Method": "GET", "X-Forwarded-Proto": "https",
             "X-Forwarded-Host": "api.example", "X-Forwarded-Uri": "/invoices"}


@pytest.fixture(scope="module")
def settings():
    """Loopback is the proxy; services that demand binding beside one that does not."""
    audience = ["http://127.0.0.1:${port}/api/oauth/token"]
    services = [{"audience": audience}]
    services += [{"path": f"/{name}/token", "audience": audience,
                  "access_token": {"binding": name}} for name in ("any", "dpop", "tls")]
    services.append({"path": "/jwt/token", "audience": audience,
                     "access_token": {"format": "jwt"}})
    return {"proxies": {"addresses": ["127.0.0.0/8"]}, "token_services": services}


@pytest.fixture(scope="module")
def key():
    return key_of("P-256", "proofs")


@pytest.fixture(scope="module")
def shown():
    """A client certificate as a proxy passes it on, and its x5t#S256."""
    pem = key_of("P-256", "connection").certificate()
    der = x509.load_pem_x509_certificate(pem.encode()).public_bytes(serialization.Encoding.DER)
    header = f":{base64.b64encode(der).decode()}:"
    return header, base64url(hashlib.sha256(der).digest())


@pytest.fixture(scope="module")
def tls_bound(server):
    """An application whose tokens are bound to the certificate of its connection."""
    return server.register("tls-bound", key_of("P-256", "billing"), "--tls-bound",
                           algorithm="ES256")


def bound_token(server, client, key, path="/api/oauth/token"):
    proof = dpop.proof(key, "POST", server.url + path)
    answer = server.present(server.assertion(client), path, {"DPoP": proof})
    assert answer.status == 200, answer
    assert answer.json["token_type"] == "DPoP"
    return answer.json["access_token"]


def use(server, token, proof=None, scheme="DPoP", **headers):
    sent = {**FORWARDED, "Authorization": f"{scheme} {token}", **headers}
    if proof:
        sent["DPoP"] = proof
    return server.exchange("GET", "/api/oauth/check", headers=sent)


def proof_for(token, key, **claims):
    return dpop.proof(key, "GET", API, **{"ath": dpop.hash_of(token), **claims})


def test_a_proof_binds_the_token_to_its_key(server, billing, inspector, key):
    token = bound_token(server, billing, key)
    members = server.introspect(token, inspector).json
    assert members["cnf"] == {"jkt": dpop.thumbprint(key)}
    assert members["token_type"] == "DPoP"
    assert use(server, token, proof_for(token, key)).status == 200


def test_a_jwt_has_the_key_in_it(server, billing, key):
    token = bound_token(server, billing, key, "/jwt/token")
    assert jwt.claims_of(token)["cnf"] == {"jkt": dpop.thumbprint(key)}


WRONG = {
    "dpop_method_mismatch": {"htm": "GET"},
    "dpop_url_mismatch": {"htu": "http://elsewhere.example/api/oauth/token"},
    "dpop_stale": {"iat": 1},
    "dpop_malformed": {"jti": ABSENT},
}


@pytest.mark.parametrize("reason", WRONG)
def test_a_wrong_proof_gets_no_token(server, billing, key, reason):
    proof = dpop.proof(key, "POST", server.audience(), **WRONG[reason])
    answer = server.present(server.assertion(billing), headers={"DPoP": proof})
    assert (answer.status, answer.json["error"]) == (400, "invalid_dpop_proof")
    assert server.reason(answer) == reason


def test_a_proof_from_the_future_gets_no_token(server, billing, key):
    proof = dpop.proof(key, "POST", server.audience(), iat=int(time.time()) + 120)
    answer = server.present(server.assertion(billing), headers={"DPoP": proof})
    assert server.reason(answer) == "dpop_stale"


def test_a_forged_proof_gets_no_token(server, billing, key):
    own = dpop.proof(key_of("P-256", "thief"), "POST", server.audience())
    whose = dpop.proof(key, "POST", server.audience())
    forged = whose.rpartition(".")[0] + "." + own.rpartition(".")[2]
    answer = server.present(server.assertion(billing), headers={"DPoP": forged})
    assert server.reason(answer) == "dpop_signature_invalid"


def test_a_proof_is_used_once_and_a_refused_one_costs_no_assertion(server, billing, key):
    proof = dpop.proof(key, "POST", server.audience())
    assert server.present(server.assertion(billing), headers={"DPoP": proof}).status == 200
    assertion = server.assertion(billing)
    again = server.present(assertion, headers={"DPoP": proof})
    assert (again.status, again.json["error"]) == (400, "invalid_dpop_proof")
    assert server.reason(again) == "dpop_replayed"
    assert server.present(assertion).status == 200


def test_a_stranger_uses_no_proof_up(server, billing, stranger, key):
    proof = dpop.proof(key, "POST", server.audience())
    assert server.present(server.assertion(stranger), headers={"DPoP": proof}).status == 400
    assert server.present(server.assertion(billing), headers={"DPoP": proof}).status == 200


def test_a_bound_token_is_none_as_a_bearer_token(server, billing, key):
    token = bound_token(server, billing, key)
    answer = use(server, token, proof_for(token, key), scheme="Bearer")
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert server.reason(answer) == "token_scheme_mismatch"
    assert server.check(token).status == 401


def test_a_bearer_token_is_none_under_dpop(server, billing, key):
    token = server.token(billing)
    assert server.reason(use(server, token, proof_for(token, key))) == "token_scheme_mismatch"


@pytest.mark.parametrize("reason, changes", [
    ("dpop_token_mismatch", {"ath": dpop.hash_of("another token")}),
    ("dpop_token_mismatch", {"ath": ABSENT}),
    ("dpop_method_mismatch", {"htm": "POST"}),
    ("dpop_url_mismatch", {"htu": "https://api.example/salaries"}),
])
def test_a_proof_for_something_else_opens_nothing(server, billing, key, reason, changes):
    token = bound_token(server, billing, key)
    answer = use(server, token, proof_for(token, key, **changes))
    assert (answer.status, answer.json["error"]) == (401, "invalid_dpop_proof")
    assert answer.headers["WWW-Authenticate"].startswith("DPoP ")
    assert server.reason(answer) == reason


def test_a_proof_by_another_key_opens_nothing(server, billing, key):
    token = bound_token(server, billing, key)
    thief = key_of("P-256", "thief")
    answer = use(server, token, proof_for(token, thief))
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert server.reason(answer) == "dpop_key_mismatch"


def test_a_stolen_pair_opens_nothing_twice(server, billing, key):
    token = bound_token(server, billing, key)
    proof = proof_for(token, key)
    assert use(server, token, proof).status == 200
    assert server.reason(use(server, token, proof)) == "dpop_replayed"


def test_a_request_that_the_gateway_does_not_tell_is_refused(server, billing, key):
    token = bound_token(server, billing, key)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof_for(token, key)}
    answer = server.exchange("GET", "/api/oauth/check", headers=headers)
    assert (answer.status, server.reason(answer)) == (401, "dpop_url_mismatch")


def test_binding_is_demanded_by_a_service(server, billing, key, shown):
    for path, reason in (("/any/token", "binding_missing"), ("/dpop/token", "dpop_missing"),
                         ("/tls/token", "binding_missing")):
        answer = server.present(server.assertion(billing), path)
        assert answer.status == 400
        assert server.reason(answer) == reason
    bound_token(server, billing, key, "/any/token")
    bound_token(server, billing, key, "/dpop/token")
    for path in ("/any/token", "/tls/token"):
        answer = server.present(server.assertion(billing), path, {"Client-Cert": shown[0]})
        assert answer.status == 200


def test_binding_is_demanded_by_an_application(server, key, shown):
    options = {"--dpop-bound": "dpop_missing", "--tls-bound": "binding_missing"}
    for option, reason in options.items():
        client = server.register("bound" + option, key_of("P-256", "billing"), option,
                                 algorithm="ES256")
        assert server.reason(server.grant(client)) == reason
    client = server.register("both", key_of("P-256", "billing"), *options, algorithm="ES256")
    headers = {"DPoP": dpop.proof(key, "POST", server.audience()), "Client-Cert": shown[0]}
    assert server.present(server.assertion(client), headers=headers).status == 200


def test_a_certificate_binds_the_token_to_the_connection(server, billing, inspector, shown):
    header, thumbprint = shown
    answer = server.present(server.assertion(billing), "/tls/token", {"Client-Cert": header})
    token = answer.json["access_token"]
    assert answer.json["token_type"] == "Bearer"
    assert server.introspect(token, inspector).json["cnf"] == {"x5t#S256": thumbprint}
    assert server.check(token, headers={"Client-Cert": header}).status == 200
    refused = server.check(token)
    assert (refused.status, refused.json["error"]) == (401, "invalid_token")
    other = key_of("P-256", "thief").certificate()
    passed_on = {"Client-Cert": urllib.parse.quote(other, safe="")}
    assert server.reason(server.check(token, headers=passed_on)) == "token_certificate_mismatch"


@pytest.mark.parametrize("path", ["/api/oauth/token", "/jwt/token"])
@pytest.mark.parametrize("binding", [None, "dpop", "tls", "dpop tls"])
def test_the_audit_log_says_what_kind_of_token_was_granted(server, billing, tls_bound, key, shown,
                                                           path, binding):
    client, headers = billing, {}
    if "dpop" in (binding or ""):
        headers["DPoP"] = dpop.proof(key, "POST", server.url + path)
    if "tls" in (binding or ""):
        client, headers["Client-Cert"] = tls_bound, shown[0]
    answer = server.present(server.assertion(client), path, headers)
    line = server.audit_line(answer)
    assert line.get("token_format") == ("jwt" if path.startswith("/jwt") else None)
    assert line.get("token_binding") == binding


def test_the_audit_log_says_nothing_of_a_token_that_was_not_granted(server, billing):
    line = server.audit_line(server.present(server.assertion(billing), "/tls/token"))
    assert "token_format" not in line and "token_binding" not in line


def test_a_certificate_header_that_is_none_is_refused(server, billing):
    answer = server.present(server.assertion(billing), headers={"Client-Cert": "no certificate"})
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert server.reason(answer) == "client_certificate_malformed"


def test_the_header_counts_from_a_proxy_alone(servers, shown):
    server = servers.start({"token_services": [{"access_token": {"binding": "tls"}}]})
    client = server.register("billing", key_of("P-256", "billing"), algorithm="ES256",
                             path="/api/oauth/token")
    answer = server.present(server.assertion(client), headers={"Client-Cert": shown[0]})
    assert server.reason(answer) == "binding_missing"


def test_a_nonce_is_demanded_and_given(servers, key):
    server = servers.start({"dpop": {"require_nonce": True}, "proxies": {"addresses": "127.0.0.1"}})
    client = server.register("billing", key_of("P-256", "billing"), algorithm="ES256")
    assertion = server.assertion(client)
    without = server.present(assertion, headers={
        "DPoP": dpop.proof(key, "POST", server.audience())})
    assert (without.status, without.json["error"]) == (400, "use_dpop_nonce")
    nonce = without.headers["DPoP-Nonce"]
    answer = server.present(assertion, headers={
        "DPoP": dpop.proof(key, "POST", server.audience(), nonce=nonce)})
    assert answer.status == 200
    token = answer.json["access_token"]

    refused = use(server, token, proof_for(token, key))
    assert (refused.status, refused.json["error"]) == (401, "use_dpop_nonce")
    assert use(server, token,
               proof_for(token, key, nonce=refused.headers["DPoP-Nonce"])).status == 200
    made_up = use(server, token, proof_for(token, key, nonce="made up"))
    assert server.reason(made_up) == "dpop_nonce_stale"
    # Who needs no proof needs no nonce.
    assert server.grant(client).status == 200


def test_a_client_is_known_by_the_key_of_its_certificate(server):
    connection = key_of("P-256", "connection")
    server.register("meter", connection, "--grant", "client_credentials", algorithm="ES256")
    header = {"Client-Cert": urllib.parse.quote(connection.certificate(), safe="")}
    answer = server.client_credentials(header, client_id="meter")
    assert answer.status == 200
    assert server.audit_line(answer)["auth_method"] == "self_signed_tls_client_auth"
    other = {"Client-Cert": urllib.parse.quote(key_of("P-256", "thief").certificate(), safe="")}
    refused = server.client_credentials(other, client_id="meter")
    assert (refused.status, refused.json["error"]) == (401, "invalid_client")
    assert server.reason(refused) == "client_certificate_unregistered"
    assert server.client_credentials(client_id="meter").status == 401


def escaped(pem):
    """As nginx passes a certificate on."""
    return {"Client-Cert": urllib.parse.quote(pem, safe="")}


def test_a_client_is_known_by_a_name_that_an_authority_vouches_for(servers):
    authority, connection = key_of("P-256", "authority"), key_of("P-256", "connection")
    server = servers.make({"proxies": {"addresses": "127.0.0.1", "client_ca": "ca.pem"}})
    server.installation.data.mkdir(mode=0o700, exist_ok=True)
    (server.installation.data / "ca.pem").write_text(authority.authority())
    server.start()
    server.register("meter", key_of("P-256", "billing"), "--grant", "client_credentials",
                    "--tls-san-dns", "meter.example", algorithm="ES256")

    good = escaped(authority.issue(connection, "meter.example", "other.example"))
    answer = server.client_credentials(good, client_id="meter")
    assert answer.status == 200, answer
    assert server.audit_line(answer)["auth_method"] == "tls_client_auth"
    for pem, reason in (
            (authority.issue(connection, "another.example"), "client_certificate_unregistered"),
            (key_of("P-256", "thief").issue(connection, "meter.example"),
             "client_certificate_untrusted"),
            (key_of("P-256", "billing").certificate(), "client_certificate_untrusted")):
        refused = server.client_credentials(escaped(pem), client_id="meter")
        assert (refused.status, refused.json["error"]) == (401, "invalid_client")
        assert server.reason(refused) == reason

    server.register("clock", key_of("P-256", "billing"), "--grant", "client_credentials",
                    "--tls-subject-dn", "cn=A  Workload", algorithm="ES256")
    assert server.client_credentials(good, client_id="clock").status == 200
    server.register("other", key_of("P-256", "billing"), "--grant", "client_credentials",
                    "--tls-subject-dn", "CN=a workload,O=Example", algorithm="ES256")
    refused = server.client_credentials(good, client_id="other")
    assert server.reason(refused) == "client_certificate_unregistered"


def test_a_subject_that_is_no_name_is_not_registered(server):
    outcome = server.installation.run("app", "create", "--id", "misspelt",
                                      "--tls-subject-dn", "CN=a workload, O=Example")
    assert outcome.status != 0
    assert "tls_client_auth_subject_dn: must be a name as RFC 4514 writes it" in outcome.err


def test_a_server_without_the_authorities_does_not_begin(servers):
    server = servers.make({"proxies": {"addresses": "127.0.0.1", "client_ca": "ca.pem"}})
    server.launch()
    assert server.end() == 1
    assert "proxies.client_ca: there is no ca.pem" in server.installation.log.read_text()


def test_the_metadata_tells_of_it(server):
    document = server.exchange("GET", "/.well-known/oauth-authorization-server").json
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert "ES256" in document["dpop_signing_alg_values_supported"]
    assert "tls_client_auth" in document["token_endpoint_auth_methods_supported"]
