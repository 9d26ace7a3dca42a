"""`assay app`: the registry of applications."""

import concurrent.futures
import json

import pytest

from harness.installation import run
from harness.keys import key_of
from harness.patience import A_SECOND, eventually

EVERY_MEMBER = {
    "client_id", "name", "description", "logo", "website", "contact_email", "contact_phone",
    "enabled", "keys", "secrets", "scopes", "subjects", "grants", "auth_methods", "algorithms",
    "longest_assertion_life", "require_jti", "may_introspect", "serves", "resources",
    "tls_client_auth_san_dns", "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens"}


@pytest.fixture(params=["sqlite:registry.db", "file:registry.json"])
def installation(request, servers):
    """One a test, on each registry that there is."""
    return servers.install({"stores": {"registry": request.param}})


def app(installation, *arguments):
    return installation.run("app", *arguments)


def record_of(installation, client_id):
    outcome = app(installation, "show", client_id, "--json")
    assert outcome.status == 0, outcome.err
    return outcome.json


def create_full(installation):
    """An application of which every member is something."""
    rsa = installation.file("rsa.jwk", key_of("RSA").jwk(kid="r"))
    certificate = installation.file("ec.pem", key_of("P-256").certificate())
    jwks = installation.file("set.jwks", json.dumps({"keys": [
        json.loads(key_of("Ed25519").jwk(kid="e1")), json.loads(key_of("Ed448").jwk(kid="e2"))]}))
    outcome = app(
        installation, "create", "--id", "full", "--name", "Full", "--description", "Has it all",
        "--logo", "https://example.com/logo.png", "--website", "https://example.com",
        "--contact-email", "ops@example.com", "--contact-phone", "+41 44 123",
        "--jwk", rsa, "--cert", certificate, "--jwks", jwks, "--scope", "a", "--scope", "b",
        "--default-scope", "c", "--subject", "alice", "--subject", "bob", "--alg", "RS256",
        "--alg", "EdDSA", "--grant", "jwt-bearer", "--grant", "refresh_token",
        "--longest-assertion-life", "600", "--require-jti", "--may-introspect",
        "--serves", "https://api.example/v1", "--resource", "urn:a", "--resource", "urn:b",
        "--tls-san-dns", "full.example", "--dpop-bound", "--secret", "--json")
    assert outcome.status == 0, outcome.err
    return outcome.json


def test_create_prints_the_whole_record(installation):
    record = create_full(installation)
    secret = record.pop("client_secret")
    assert len(secret) >= 40
    assert set(record) == EVERY_MEMBER
    assert [key.get("kid") for key in record["keys"]] in (
        [None, "r", "e1", "e2"], ["r", None, "e1", "e2"])
    assert sorted((scope["name"], scope["default"]) for scope in record["scopes"]) == [
        ("a", False), ("b", False), ("c", True)]
    for member, value in {
            "name": "Full", "enabled": True, "subjects": ["alice", "bob"],
            "algorithms": ["RS256", "EdDSA"], "grants": ["jwt-bearer", "refresh_token"],
            "longest_assertion_life": 600, "require_jti": True, "may_introspect": True,
            "serves": ["https://api.example/v1"], "resources": ["urn:a", "urn:b"],
            "tls_client_auth_san_dns": "full.example", "dpop_bound_access_tokens": True,
            "tls_client_certificate_bound_access_tokens": False,
            "contact_email": "ops@example.com"}.items():
        assert record[member] == value


def test_a_secret_is_shown_once(installation):
    secret = create_full(installation)["client_secret"]
    for command in (["show", "full", "--json"], ["list", "--json"], ["export"], ["show", "full"]):
        assert secret not in app(installation, *command).out


def test_a_client_id_is_made_when_it_is_left_out(installation):
    first, second = (app(installation, "create", "--json").json["client_id"] for _ in range(2))
    assert first != second
    assert len(first) >= 32
    assert record_of(installation, first)["client_id"] == first


def test_an_application_is_enabled_and_may_use_jwt_bearer_by_default(installation):
    record = app(installation, "create", "--json").json
    assert record["enabled"] is True
    assert record["grants"] == ["jwt-bearer"]
    assert record["may_introspect"] is False


def test_a_client_id_is_taken_once(installation):
    assert app(installation, "create", "--id", "x", "--name", "first").status == 0
    outcome = app(installation, "create", "--id", "x", "--name", "second")
    assert outcome.status == 1
    assert "x" in outcome.err
    assert record_of(installation, "x")["name"] == "first"


def test_update_changes_what_the_options_say_and_nothing_else(installation):
    before = create_full(installation)
    del before["client_secret"]
    outcome = app(installation, "update", "full", "--name", "Renamed", "--subject", "carol",
                  "--json")
    assert outcome.status == 0
    assert outcome.json == {**before, "name": "Renamed", "subjects": ["carol"]}
    assert record_of(installation, "full") == outcome.json


def test_update_adds_keys_beside_the_old_ones(installation):
    before = create_full(installation)
    file = installation.file("new.jwk", key_of("P-384").jwk(kid="new"))
    after = app(installation, "update", "full", "--jwk", file, "--json").json
    assert [key.get("kid") for key in after["keys"]] == [
        *(key.get("kid") for key in before["keys"]), "new"]
    after = app(installation, "update", "full", "--drop-key", "r", "--json").json
    assert "r" not in [key.get("kid") for key in after["keys"]]


def test_update_can_take_rights_away(installation):
    create_full(installation)
    record = app(installation, "update", "full", "--no-may-introspect", "--no-require-jti",
                 "--json").json
    assert (record["may_introspect"], record["require_jti"]) == (False, False)


def test_disable_and_enable_touch_nothing_else(installation):
    before = create_full(installation)
    del before["client_secret"]
    assert app(installation, "disable", "full").status == 0
    assert record_of(installation, "full") == {**before, "enabled": False}
    assert app(installation, "enable", "full").status == 0
    assert record_of(installation, "full") == before


def test_delete_removes_it(installation):
    app(installation, "create", "--id", "x")
    assert app(installation, "delete", "x").status == 0
    assert app(installation, "show", "x").status == 1
    assert app(installation, "list", "--json").json == {"applications": []}


@pytest.mark.parametrize("command", ["show", "update", "enable", "disable", "delete", "export"])
def test_an_application_that_is_not_there_is_not_found(installation, command):
    outcome = app(installation, command, "nobody")
    assert outcome.status == 1
    assert "nobody" in outcome.err
    assert outcome.out == ""


def test_list_shows_all_sorted_by_name(installation):
    for client_id in ("b", "c", "a"):
        app(installation, "create", "--id", client_id, "--name", f"Name of {client_id}")
    listed = app(installation, "list", "--json").json["applications"]
    assert [record["client_id"] for record in listed] == ["a", "b", "c"]
    text = app(installation, "list").out
    assert text.index("Name of a") < text.index("Name of b") < text.index("Name of c")


def test_show_is_readable(installation):
    create_full(installation)
    text = app(installation, "show", "full").out
    for word in ("full", "Full", "enabled", "RSA 2048", "alice", "jwt-bearer", "600"):
        assert word in text


def test_what_is_exported_can_be_imported(installation, servers):
    create_full(installation)
    app(installation, "create", "--id", "other")
    exported = app(installation, "export")
    assert exported.status == 0
    assert set(exported.json) == {"applications"}
    elsewhere = servers.install()
    file = elsewhere.file("exported.json", exported.out)
    assert app(elsewhere, "import", file).status == 0
    assert app(elsewhere, "export").json == exported.json


def test_one_application_can_be_exported(installation):
    app(installation, "create", "--id", "one")
    app(installation, "create", "--id", "two")
    exported = app(installation, "export", "one").json
    assert [record["client_id"] for record in exported["applications"]] == ["one"]


def test_import_replaces_what_is_there(installation):
    app(installation, "create", "--id", "x", "--name", "old", "--subject", "alice")
    file = installation.file("new.json", json.dumps(
        {"applications": [{"client_id": "x", "name": "new"}]}))
    assert app(installation, "import", file).status == 0
    record = record_of(installation, "x")
    assert (record["name"], record["subjects"]) == ("new", [])


BAD_RECORDS = {
    "an unknown member": ({"surprise": 1}, ["surprise"]),
    "an unknown member of a key": (
        {"keys": [{"jwk": {}, "use": "sig"}]}, ["keys[0].use", "keys[0].jwk"]),
    "a client_id with a space": ({"client_id": "a b"}, ["client_id"]),
    "flags that are no flags": (
        {"enabled": "yes", "require_jti": 1}, ["enabled", "require_jti"]),
    "a name that is no text": ({"name": ["x"]}, ["name"]),
    "a URL that is none": ({"logo": "javascript:x"}, ["logo"]),
    "a grant that is unknown": ({"grants": ["jwt-bearer", "password"]}, ["grants[1]"]),
    "an algorithm that is never accepted": ({"algorithms": ["none"]}, ["algorithms[0]"]),
    "HMAC": ({"algorithms": ["RS256", "HS256"]}, ["algorithms[1]"]),
    "a scope that is none": ({"scopes": [{"name": "a b"}]}, ["scopes[0].name"]),
    "a scope twice": ({"scopes": [{"name": "a"}, {"name": "a"}]}, ["scopes[1].name"]),
    "a life of nothing": ({"longest_assertion_life": 0}, ["longest_assertion_life"]),
    "a life in words": ({"longest_assertion_life": "1h"}, ["longest_assertion_life"]),
    "a key without a key": ({"keys": [{"kid": "x"}]}, ["keys[0]"]),
    "a secret in clear": ({"secrets": [{"sha256": "my secret"}]}, ["secrets[0].sha256"]),
    "a date that is none": (
        {"keys": [{"jwk": json.loads(key_of("P-256").jwk()), "not_after": "tomorrow"}]},
        ["keys[0].not_after"]),
    "several faults at once": (
        {"name": 1, "website": "x", "subjects": ["", "a"]}, ["name", "website", "subjects[0]"]),
}


@pytest.mark.parametrize("members, fields", BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_record_is_refused_whole_with(servers, members, fields):
    installation = servers.install()
    records = [{"client_id": "good"}, {"client_id": "bad", **members}]
    file = installation.file("bad.json", json.dumps({"applications": records}))
    outcome = app(installation, "import", file)
    assert outcome.status == 1
    for field in fields:
        assert f"applications[1].{field}: " in outcome.err
    assert app(installation, "list", "--json").json == {"applications": []}


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"applications": {}}', '{"applications": [], "more": 1}',
    '{"applications": [}', '{"applications": [], "applications": []}'])
def test_import_takes_just_what_export_writes(servers, text):
    installation = servers.install()
    file = installation.file("bad.json", text)
    outcome = app(installation, "import", file)
    assert outcome.status == 1
    assert str(file) in outcome.err


def test_an_update_that_makes_a_bad_record_changes_nothing(installation):
    before = create_full(installation)
    del before["client_secret"]
    outcome = app(installation, "update", "full", "--name", "New", "--logo", "nowhere",
                  "--alg", "none")
    assert outcome.status == 1
    assert "logo" in outcome.err and "algorithms[0]" in outcome.err
    assert record_of(installation, "full") == before


@pytest.mark.parametrize("option", ["--jwk", "--jwks", "--cert"])
def test_a_file_that_holds_no_key_is_named(servers, option):
    installation = servers.install()
    file = installation.file("nothing", "nothing")
    outcome = app(installation, "create", "--id", "x", option, file)
    assert outcome.status == 1
    assert str(file) in outcome.err
    assert app(installation, "show", "x").status == 1


def test_a_private_key_is_not_registered(servers):
    installation = servers.install()
    for option, text in (("--jwk", key_of("P-256").private_jwk()),
                         ("--cert", key_of("P-256").private_pem())):
        file = installation.file("private", text)
        outcome = app(installation, "create", "--id", "x", option, file)
        assert outcome.status == 1
        assert "private" in outcome.err


@pytest.mark.parametrize("arguments", [
    [], ["app"], ["app", "create", "--no-such-option"], ["app", "show"], ["nonsense"],
    ["app", "create", "--longest-assertion-life", "soon"], ["app", "import"]],
    ids=lambda arguments: " ".join(arguments) or "nothing")
def test_wrong_usage_has_a_status_of_its_own(arguments):
    outcome = run(*arguments)
    assert outcome.status == 2
    assert outcome.err


@pytest.mark.parametrize("arguments", [["--help"], ["app", "--help"], ["app", "create", "--help"]],
                         ids=" ".join)
def test_help_is_given(arguments):
    outcome = run(*arguments)
    assert outcome.status == 0
    assert "--help" in outcome.out


@pytest.mark.parametrize("registry", ["sqlite:registry.db", "file:registry.json"])
def test_a_running_server_follows_within_a_second(servers, registry):
    server = servers.start({"stores": {"registry": registry}})
    client = server.register("late", key_of("P-256"), algorithm="ES256")
    server.installation.run("app", "update", "late", "--default-scope", "new")
    eventually(lambda: server.grant(client).json["scope"] == "new", A_SECOND)


def test_many_commands_at_once_lose_no_change(servers):
    installation = servers.install()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: app(installation, "create", "--id", f"app-{number}"),
                      range(40)))
    assert len(app(installation, "list", "--json").json["applications"]) == 40
