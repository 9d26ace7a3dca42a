"""Whatever is disabled, ended or taken away while the server runs takes effect within a second."""

import datetime
import json

import pytest

from harness.assertions import Client
from harness.keys import key_of
from harness.patience import A_SECOND, answer_of, eventually

FIRST, SECOND = key_of("P-256", "first"), key_of("P-256", "second")


def record(client_id):
    """An application of which everything is used by `sign`."""
    return {"client_id": client_id, "subjects": ["alice"],
            "keys": [{"jwk": json.loads(FIRST.jwk()), "kid": "first"},
                     {"jwk": json.loads(SECOND.jwk()), "kid": "second"}],
            "scopes": [{"name": "read", "default": True}]}


def edit(change):
    """An action that edits the record as a whole: export, change, import."""
    def action(installation, client_id):
        exported = installation.run("app", "export", client_id).json
        change(exported["applications"][0])
        file = installation.file("edited.json", json.dumps(exported))
        assert installation.run("app", "import", file).status == 0
    return action


def command(*words):
    def action(installation, client_id):
        assert installation.run("app", *words[:1], client_id, *words[1:]).status == 0
    return action


YESTERDAY = (datetime.datetime.utcnow() - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
PAST_CERTIFICATE = FIRST.certificate(-datetime.timedelta(days=2), -datetime.timedelta(days=1))

ACTIONS = {
    "the application is disabled": (command("disable"), "application_disabled"),
    "the application is deleted": (command("delete"), "issuer_unknown"),
    "the key is disabled": (
        edit(lambda app: app["keys"][0].update(enabled=False)), "key_disabled"),
    "the key ends": (edit(lambda app: app["keys"][0].update(not_after=YESTERDAY)), "key_expired"),
    "the key is removed": (command("update", "--drop-key", "first"), "key_unknown"),
    "the key is replaced by another of its name": (
        edit(lambda app: app["keys"].__setitem__(
            slice(None), [{**app["keys"][1], "kid": "first"}])), "signature_invalid"),
    "the certificate is over": (
        edit(lambda app: app["keys"].__setitem__(0, {"pem": PAST_CERTIFICATE, "kid": "first"})),
        "key_expired"),
    "the algorithm is no longer allowed": (command("update", "--alg", "RS256"),
                                           "algorithm_not_allowed"),
    "the grant is no longer allowed": (command("update", "--grant", "client_credentials"),
                                       "grant_not_allowed"),
    "the scope is taken away": (command("update", "--scope", "other"), "scope_not_allowed"),
    "the subject is taken away": (command("update", "--subject", "bob"), "subject_not_allowed"),
    "a jti becomes required": (command("update", "--require-jti"), "jti_missing"),
    "the longest life is cut": (command("update", "--longest-assertion-life", "30"),
                                "life_too_long"),
}


@pytest.fixture(scope="module")
def server(servers):
    server = servers.make()
    file = server.installation.file("all.json", json.dumps(
        {"applications": [record(f"app-{number}") for number in range(len(ACTIONS) + 2)]}))
    assert server.installation.run("app", "import", file).status == 0
    return server.start()


def ask(server, client_id):
    """A request that needs all that the record has."""
    client = Client(client_id, FIRST, "ES256", "first")
    claims = client.claims(server.audience(), sub="alice")
    del claims["jti"]
    return server.present(client.sign(client.header(), claims), scope="read")


@pytest.mark.parametrize("number, action, reason", [
    (number, *ACTIONS[name]) for number, name in enumerate(ACTIONS)], ids=ACTIONS)
def test_a_grant_is_refused_once(server, number, action, reason):
    client_id = f"app-{number}"
    assert ask(server, client_id).status == 200
    action(server.installation, client_id)
    answer = answer_of(400, lambda: ask(server, client_id), A_SECOND)
    assert server.reason(answer) == reason


@pytest.fixture(scope="module")
def caller(server):
    return server.register_with_secret("caller", "--may-introspect")


def is_active(server, token, caller):
    return server.introspect(token, caller).json["active"]


def test_the_tokens_of_a_disabled_application_are_inactive_until_it_is_enabled(server, caller):
    client_id = f"app-{len(ACTIONS)}"
    token = ask(server, client_id).json["access_token"]
    assert is_active(server, token, caller)
    server.installation.run("app", "disable", client_id)
    eventually(lambda: not is_active(server, token, caller), A_SECOND)
    server.installation.run("app", "enable", client_id)
    eventually(lambda: is_active(server, token, caller), A_SECOND)
    assert ask(server, client_id).status == 200


def test_the_tokens_of_a_deleted_application_are_inactive(server, caller):
    client_id = f"app-{len(ACTIONS) + 1}"
    token = ask(server, client_id).json["access_token"]
    server.installation.run("app", "delete", client_id)
    eventually(lambda: not is_active(server, token, caller), A_SECOND)


def test_a_caller_that_is_disabled_may_ask_no_longer(server):
    caller = server.register_with_secret("former", "--may-introspect")
    assert server.introspect("a token", caller).status == 200
    server.installation.run("app", "disable", "former")
    answer = answer_of(401, lambda: server.introspect("a token", caller), A_SECOND)
    assert server.reason(answer) == "client_disabled"


def test_a_caller_whose_right_is_taken_may_ask_no_longer(server):
    caller = server.register_with_secret("demoted", "--may-introspect")
    assert server.introspect("a token", caller).status == 200
    server.installation.run("app", "update", "demoted", "--no-may-introspect")
    answer = answer_of(401, lambda: server.introspect("a token", caller), A_SECOND)
    assert server.reason(answer) == "introspection_not_allowed"
