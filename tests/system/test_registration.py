"""Applications register themselves over HTTP and manage what they registered (RFC 7591, 7592)."""

import json
import threading

import pytest

from harness import clients, http
from harness.keys import make_key
from harness.registration import (
    JWT_BEARER, REGISTER, Registered, bearer, initial_token, metadata_of, post, register)

ALLOWED = ["--scope", "write", "--default-scope", "read", "--grant", "jwt-bearer",
           "--grant", "client_credentials", "--auth", "private_key_jwt",
           "--auth", "client_secret_basic", "--auth", "none", "--uses", "any"]


@pytest.fixture(scope="module")
def settings():
    return {"registration": {"enabled": True}}


@pytest.fixture(scope="module")
def initial(server):
    return initial_token(server.installation, *ALLOWED)["initial_access_token"]


@pytest.fixture
def registered(server, initial):
    return register(server, initial)


def test_there_is_nothing_unless_it_is_enabled(servers):
    server = servers.start()
    answer = post(server, "a token", {})
    assert answer.status == 404
    found = server.exchange("GET", "/.well-known/oauth-authorization-server").json
    assert "registration_endpoint" not in found


def test_the_metadata_of_the_server_names_the_endpoint(server):
    found = server.exchange("GET", "/.well-known/oauth-authorization-server").json
    assert found["registration_endpoint"] == server.url + REGISTER


# Registering.

def test_a_client_registers_and_gets_a_token_at_once(server, initial):
    key = make_key("P-256")
    answer = post(server, initial, metadata_of(
        key, client_name="Billing", client_uri="https://billing.example",
        logo_uri="https://billing.example/logo", contacts=["ops@billing.example"], scope="write",
        token_endpoint_auth_signing_alg="ES256", tos_uri="https://ignored.example",
        **{"client_name#de": "Rechnungen"}))
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")
    client = Registered(server, answer, key)
    members = dict(client.members)
    assert members.pop("client_id_issued_at") > 0
    assert members.pop("registration_access_token")
    assert members.pop("registration_client_uri") == f"{server.url}{REGISTER}/{client.id}"
    assert members.pop("jwks") == {"keys": [json.loads(key.jwk(kid="first"))]}
    assert members == {
        "client_id": client.id, "client_name": "Billing", "client_uri": "https://billing.example",
        "logo_uri": "https://billing.example/logo", "contacts": ["ops@billing.example"],
        "scope": "write", "grant_types": [JWT_BEARER, "client_credentials"], "response_types": [],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256", "dpop_bound_access_tokens": False,
        "tls_client_certificate_bound_access_tokens": False,
        "introspection_signed_response_alg": "ES256"}

    granted = server.present(server.assertion(client.client), scope="write")
    assert granted.status == 200, granted
    proof = server.client_assertion(client.client)
    assert server.client_credentials(scope="write", **proof).status == 200


def test_a_client_that_names_no_method_gets_a_secret_that_works_at_once(server, initial):
    members = post(server, initial, {"client_name": "Reports"}).json
    assert members["token_endpoint_auth_method"] == "client_secret_basic"
    assert members["client_secret_expires_at"] == 0
    assert members["scope"] == "read"
    credentials = http.basic(members["client_id"], members["client_secret"])
    assert server.client_credentials(credentials).json["scope"] == "read"


def test_it_leaves_a_line_in_the_audit_log(server, initial):
    answer = post(server, initial, {})
    line = server.audit_line(answer)
    assert (line["event"], line["outcome"]) == ("registration", "granted")
    assert line["client_id"] == answer.json["client_id"]
    assert line["detail"] == "registered by " + initial.split(".")[0]
    text = json.dumps(server.installation.audit_lines())
    for name in ("client_secret", "registration_access_token"):
        assert answer.json[name] not in text
    assert initial not in text


PRIVATE = json.loads(make_key("P-256").private_jwk(kid="first"))
REFUSED = {
    "scope": {"scope": "read admin"},
    "grant_types": {"grant_types": ["refresh_token"]},
    "token_endpoint_auth_method": {"token_endpoint_auth_method": "client_secret_post"},
    "response_types": {"response_types": ["code"]},
    "token_endpoint_auth_signing_alg": {"token_endpoint_auth_signing_alg": "none"},
    "introspection_signed_response_alg": {"introspection_signed_response_alg": "RS256"},
    "jwks_uri": {"jwks_uri": "https://billing.example/jwks"},
    "jwks.keys[0]": {"jwks": {"keys": [PRIVATE]}},
    "jwks": {"jwks": None},
    "client_uri": {"client_uri": "javascript:alert(1)"},
    "contacts[0]": {"contacts": ["nobody"]},
    "client_name": {"client_name": 7},
    "dpop_bound_access_tokens": {"dpop_bound_access_tokens": "yes"},
}


@pytest.mark.parametrize("member", REFUSED)
def test_metadata_is_refused_with_the_member_named(server, initial, member):
    answer = post(server, initial, metadata_of(make_key("P-256"), **REFUSED[member]))
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    assert member in answer.json["error_description"]
    assert not set(answer.json["error_description"]) & set('"\\')
    assert server.reason(answer) == "client_metadata_invalid"


@pytest.mark.parametrize("members, error, reason", [
    ({"redirect_uris": ["https://client.example/cb"]}, "invalid_redirect_uri",
     "redirect_uri_unsupported"),
    ({"software_statement": "a.b.c"}, "unapproved_software_statement",
     "software_statement_unapproved")], ids=["redirect_uris", "software_statement"])
def test_what_is_not_to_be_had_here_has_its_own_error(server, initial, members, error, reason):
    answer = post(server, initial, metadata_of(make_key("P-256"), **members))
    assert (answer.status, answer.json["error"]) == (400, error)
    assert server.reason(answer) == reason


def test_what_only_an_operator_can_give_is_not_taken_from_the_client(server, initial):
    client = register(server, initial, may_introspect=True, serves=["https://api.example"],
                      subjects=["alice"], client_id="chosen", registered_by="nobody")
    assert client.id != "chosen"
    record = server.installation.run("app", "show", client.id, "--json").json
    assert (record["may_introspect"], record["serves"], record["subjects"]) == (False, [], [])
    assert record["registered_by"] == initial.split(".")[0]


@pytest.mark.parametrize("body, headers", [
    ("{}", {"Content-Type": "application/x-www-form-urlencoded"}), ("", {}), ("[]", {}),
    ('{"scope":"read","scope":"read"}', {})], ids=["a form", "nothing", "a list", "twice"])
def test_a_body_that_is_no_json_object_is_refused(server, initial, body, headers):
    answer = post(server, initial, body, headers)
    assert (answer.status, answer.json["error"]) == (400, "invalid_request")
    assert server.reason(answer) == "registration_body_malformed"


def test_another_method_is_told_which_there_are(server):
    assert server.exchange("GET", REGISTER).headers["Allow"] == "POST"
    answer = server.exchange("POST", f"{REGISTER}/some-client")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, PUT, DELETE, HEAD")


# The token for it.

def test_who_has_no_token_is_challenged_without_a_code(server):
    answer = post(server, None, {})
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="assay"')
    assert server.reason(answer) == "registration_token_missing"


def test_a_token_counts_as_a_bearer_token_alone(server, initial):
    answer = post(server, None, {}, {"Authorization": f"DPoP {initial}"})
    assert (answer.status, server.reason(answer)) == (401, "registration_token_missing")


def test_of_a_token_for_one_use_one_of_two_can_be_had(server):
    token = initial_token(server.installation, *ALLOWED[:-2], "--uses", "1")
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(
        post(server, token["initial_access_token"], {}))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answer.status for answer in answers) == [201, 401, 401, 401]


def test_bad_metadata_uses_nothing_up(server):
    token = initial_token(server.installation, *ALLOWED[:-2])["initial_access_token"]
    for metadata in ({"scope": "admin"}, {"client_uri": "nowhere"}, {"redirect_uris": ["x:y"]}):
        assert post(server, token, metadata).status == 400
    assert post(server, token, {}).status == 201


def test_resources_and_bindings_of_the_token_are_those_of_its_clients(server):
    token = initial_token(server.installation, "--resource", "https://api.example", "--dpop-bound",
                          "--uses", "any")["initial_access_token"]
    client = register(server, token)
    assert client.members["dpop_bound_access_tokens"] is True
    record = server.installation.run("app", "show", client.id, "--json").json
    assert record["resources"] == ["https://api.example"]
    answer = client.update(dpop_bound_access_tokens=False)
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")


# Managing.

def test_a_client_reads_what_it_registered(registered):
    answer = registered.manage("GET")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    issued_at = registered.members.pop("client_id_issued_at")
    assert issued_at and answer.json == registered.members


def test_a_client_rotates_its_key_and_the_new_one_counts_at_once(server, registered):
    before, registered.key = registered.client, make_key("P-256")
    answer = registered.update(client_name="Rotated")
    assert answer.status == 200, answer
    assert answer.json["jwks"]["keys"] == [json.loads(registered.key.jwk(kid="first"))]
    assert server.grant(registered.client).status == 200
    refused = server.grant(before)
    assert (refused.status, server.reason(refused)) == (400, "signature_invalid")


def test_an_update_replaces_all_that_is_the_clients_own(server, initial):
    client = register(server, initial, client_name="Billing", scope="read write",
                      contacts=["ops@billing.example"])
    members = client.update(client_uri="https://billing.example").json
    assert "client_name" not in members and "contacts" not in members
    assert (members["scope"], members["client_uri"]) == ("read", "https://billing.example")


def test_an_update_leaves_what_an_operator_set(server, registered):
    run = server.installation.run
    assert run("app", "update", registered.id, "--may-introspect", "--serves",
               "https://api.example", "--subject", "alice", "--require-jti",
               "--longest-assertion-life", "60").status == 0
    assert registered.update(client_name="New").status == 200
    record = run("app", "show", registered.id, "--json").json
    kept = {"may_introspect": True, "serves": ["https://api.example"], "subjects": ["alice"],
            "require_jti": True, "longest_assertion_life": 60}
    assert kept.items() <= record.items()


def test_an_update_keeps_the_secret_and_does_not_show_it(server, initial):
    members = post(server, initial, {}).json
    client = Registered(server, post(server, initial, {}), None)
    secret = client.members["client_secret"]
    answer = client.manage("PUT", {"client_id": client.id, "client_secret": secret})
    assert answer.status == 200 and "client_secret" not in answer.json
    assert server.client_credentials(http.basic(client.id, secret)).status == 200
    answer = client.manage("PUT", {"client_id": client.id,
                                   "client_secret": members["client_secret"]})
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")


def test_a_client_that_comes_to_need_a_secret_gets_one(server, registered):
    answer = registered.manage("PUT", {"client_id": registered.id})
    assert answer.status == 200, answer
    credentials = http.basic(registered.id, answer.json["client_secret"])
    assert server.client_credentials(credentials).status == 200
    assert "client_secret" not in registered.update().json
    assert server.client_credentials(credentials).status == 401


@pytest.mark.parametrize("change", [
    {"client_id": "another"}, {"client_id": None}, {"registration_access_token": "t"},
    {"registration_client_uri": "https://x.example"}, {"client_secret_expires_at": 0},
    {"client_id_issued_at": 1}, {"scope": "admin"}], ids=lambda change: next(iter(change)))
def test_an_update_that_says_too_much_or_too_little_changes_nothing(registered, change):
    metadata = {"client_id": registered.id, **metadata_of(registered.key, client_name="New")}
    metadata.update(change)
    if metadata["client_id"] is None:
        del metadata["client_id"]
    answer = registered.manage("PUT", metadata)
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    assert next(iter(change)) in answer.json["error_description"]
    assert "client_name" not in registered.manage("GET").json


def test_a_key_that_an_operator_disabled_does_not_come_back(server, registered):
    installation = server.installation
    exported = installation.run("app", "export", registered.id).json
    exported["applications"][0]["keys"][0]["enabled"] = False
    file = installation.file("disabled.json", json.dumps(exported))
    assert installation.run("app", "import", file).status == 0
    assert registered.manage("GET").json["jwks"] == {"keys": []}
    answer = registered.update()
    assert (answer.status, answer.json["error"]) == (400, "invalid_client_metadata")
    assert "jwks.keys[0]" in answer.json["error_description"]


def test_a_client_removes_itself_and_all_its_tokens_die(server, registered):
    token = server.token(registered.client)
    assert server.check(token).status == 200
    answer = registered.manage("DELETE")
    assert (answer.status, answer.body) == (204, b"")
    assert server.check(token).status == 401
    assert server.reason(server.grant(registered.client)) == "issuer_unknown"


def test_no_registration_is_open_to_the_token_of_another(server, initial, registered):
    other = register(server, initial)
    for method in ("GET", "PUT", "DELETE"):
        metadata = {"client_id": registered.id} if method == "PUT" else None
        for token in (other.token, initial):
            answer = registered.manage(method, metadata, token)
            assert (answer.status, answer.json["error"]) == (401, "invalid_token")
            assert "invalid_token" in answer.headers["WWW-Authenticate"]
            assert server.reason(answer) == "registration_token_foreign"
    assert registered.manage("GET").status == 200


def test_an_application_of_an_operator_has_no_registration_to_manage(server):
    server.installation.register("by-hand")
    answer = server.exchange("GET", f"{REGISTER}/by-hand", headers=bearer("anything"))
    assert (answer.status, server.reason(answer)) == (401, "registration_token_foreign")


# The commands.

def test_a_token_is_shown_once(server):
    made = initial_token(server.installation, "--scope", "a", "--expires", "2h", "--uses", "3")
    outcome = server.installation.run("registration", "list")
    assert made["id"] in outcome.out
    assert made["initial_access_token"].split(".")[1] not in outcome.out
    listed = server.installation.run("registration", "list", "--json").json
    entry = next(each for each in listed["initial_access_tokens"] if each["id"] == made["id"])
    assert entry == {name: value for name, value in made.items() if name != "initial_access_token"}
    assert (entry["state"], entry["uses_left"]) == ("live", 3)


@pytest.mark.parametrize("options", [
    ["--expires", "24"], ["--expires", "0h"], ["--expires", "99999999999999999d"],
    ["--uses", "0"], ["--uses", "many"], ["--grant", "password"], ["--auth", "secret"]],
    ids=" ".join)
def test_a_token_that_makes_no_sense_is_not_made(server, options):
    outcome = server.installation.run("registration", "create", *options)
    assert (outcome.status, outcome.out) == (2, "")


def test_to_revoke_what_is_not_there_says_so(server):
    assert server.installation.run("registration", "revoke", "0123456789abcdef").status == 1


# openid-client and oauth4webapi, from npm

SCRIPTS = ["openid_client_registration.mjs", "oauth4webapi_registration.mjs"]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("method, step", [
    ("private_key_jwt", "grant"), ("private_key_jwt", "credentials"),
    ("client_secret_basic", "credentials")])
def test_node_registers_a_client_that_gets_a_token_at_once(server, initial, script, method, step):
    key = make_key("P-256")
    metadata = metadata_of(key, token_endpoint_auth_method=method, client_name=script)
    result = clients.run_node(script, {
        "issuer": server.url, "token": initial, "metadata": metadata, "step": step,
        "key": str(server.installation.file("node.pem", key.private_pem())), "algorithm": "ES256"})
    assert result["client"]["client_name"] == script
    assert result["token"]["scope"] == "read"
    answer = server.exchange(
        "GET", f"{REGISTER}/{result['client']['client_id']}",
        headers=bearer(result["client"]["registration_access_token"]))
    assert answer.json["client_name"] == script


@pytest.mark.parametrize("script", SCRIPTS)
def test_node_is_told_what_is_refused(server, initial, script):
    key = make_key("P-256")
    order = {"issuer": server.url, "token": initial, "step": "grant", "algorithm": "ES256",
             "key": str(server.installation.file("node.pem", key.private_pem()))}
    metadata = metadata_of(key, scope="admin")
    result = clients.run_node(script, {**order, "metadata": metadata})
    assert result == {"error": "invalid_client_metadata", "status": 400}
    result = clients.run_node(script, {**order, "token": "gone", "metadata": metadata_of(key)})
    assert result == {"challenge": "bearer", "status": 401}
