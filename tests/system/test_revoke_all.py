"""`assay token revoke --app` and `--subject` end all that was granted before."""

import json

import pytest

from harness import http
from harness.assertions import Client
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.patience import A_SECOND, eventually

PARTNERS = "/partners/token"


@pytest.fixture(scope="module")
def settings():
    refresh_token = {"issue": True, "policy": "keep"}
    return {"token_services": [
        {"refresh_token": refresh_token},
        {"path": PARTNERS, "registry": "Partners", "refresh_token": refresh_token}]}


class Owner:
    """An application in one of the tables, and who asks about its tokens."""

    def __init__(self, server, inspector, client_id, path=TOKEN_PATH, table=None):
        self.server, self.inspector, self.path = server, inspector, path
        self.client = Client(client_id, key_of("P-256", "owner"), "ES256")
        jwk = server.installation.file("owner.jwk", self.client.key.jwk())
        options = ["--table", table] if table else []
        record = server.installation.register(
            client_id, "--jwk", jwk, "--subject", "alice", "--subject", "bob", "--secret",
            *options)
        self.credentials = client_id, record["client_secret"]
        eventually(lambda: server.knows(self.client, path))

    def grant(self, **claims):
        answer = self.server.present(self.server.assertion(self.client, **claims), self.path)
        assert answer.status == 200, answer
        return answer.json

    def refresh(self, pair):
        return self.server.refresh(pair["refresh_token"], http.basic(*self.credentials), self.path)

    def is_live(self, pair):
        """Whether both tokens are good, at each endpoint; the two must agree."""
        token = pair["access_token"]
        access = self.server.check(token).status == 200
        assert access == self.server.introspect(token, self.inspector).json["active"]
        assert access == (self.refresh(pair).status == 200)
        return access


@pytest.fixture
def own(server, inspector, request):
    """An application of the test's own."""
    return Owner(server, inspector, request.node.name)


def revoke(server, *options):
    outcome = server.installation.run("token", "revoke", *options)
    assert outcome.status == 0, outcome.err


def is_dead(own, pair):
    """Once one endpoint knows of it, all do."""
    return own.refresh(pair).status != 200 and not own.is_live(pair)


def test_all_tokens_of_an_application_end_within_a_second(server, own):
    other = Owner(server, own.inspector, f"other-than-{own.client.id}")
    pairs = [own.grant(sub=subject) for subject in (own.client.id, "alice", "bob")]
    spared = other.grant()
    assert all(own.is_live(pair) for pair in pairs)
    revoke(server, "--app", own.client.id)
    eventually(lambda: all(is_dead(own, pair) for pair in pairs), A_SECOND)
    assert other.is_live(spared)


def test_a_refusal_says_why(server, own):
    pair = own.grant()
    revoke(server, "--app", own.client.id)
    eventually(lambda: is_dead(own, pair), A_SECOND)
    answer = server.check(pair["access_token"])
    assert (answer.status, answer.json["error"]) == (401, "invalid_token")
    assert server.reason(answer) == "token_revoked"
    assert own.refresh(pair).json["error"] == "invalid_grant"


def test_what_is_granted_afterwards_is_live(server, own):
    before = own.grant()
    revoke(server, "--app", own.client.id)
    at_once = own.grant()
    eventually(lambda: is_dead(own, before), A_SECOND)
    assert own.is_live(at_once)
    assert own.is_live(own.grant())


def test_all_tokens_for_a_subject_end_whoever_has_them(server, own):
    other = Owner(server, own.inspector, f"other-than-{own.client.id}")
    for_alice = [(each, each.grant(sub="alice")) for each in (own, other)]
    for_bob = own.grant(sub="bob")
    revoke(server, "--subject", "alice")
    eventually(lambda: all(is_dead(each, pair) for each, pair in for_alice), A_SECOND)
    assert own.is_live(for_bob)
    assert own.is_live(own.grant(sub="alice"))


def test_each_table_is_by_itself(server, own):
    partner = Owner(server, own.inspector, own.client.id, PARTNERS, "Partners")
    pair, spared = partner.grant(sub="alice"), own.grant(sub="alice")
    revoke(server, "--app", partner.client.id, "--table", "Partners")
    eventually(lambda: is_dead(partner, pair), A_SECOND)
    assert own.is_live(spared)
    pair = partner.grant(sub="alice")
    revoke(server, "--subject", "alice", "--table", "Partners")
    eventually(lambda: is_dead(partner, pair), A_SECOND)
    assert own.is_live(spared)


def test_a_token_that_was_refreshed_since_ends_with_the_grant_that_it_comes_from(server, own):
    """Or whoever stole a refresh token would only have to use it often enough."""
    pair = own.grant()
    refreshed = own.refresh(pair).json
    revoke(server, "--app", own.client.id)
    late = own.refresh(pair)  # perhaps before the server knows
    eventually(lambda: is_dead(own, refreshed), A_SECOND)
    if late.status == 200:
        assert not own.is_live(late.json)


def test_a_restart_brings_nothing_back(servers):
    server = servers.start({"issuer": "https://stays.example",
                            "token_services": [{"refresh_token": {"issue": True}}]})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    token = server.token(client)
    revoke(server, "--app", "billing")
    server.stop()
    server.start()
    assert server.check(token).status == 401
    assert server.check(server.token(client)).status == 200


def test_an_application_that_is_made_again_gets_no_old_token_back(server, own):
    pair = own.grant()
    installation, client_id = server.installation, own.client.id
    exported = installation.run("app", "export", client_id).json
    assert installation.run("app", "delete", client_id).status == 0
    eventually(lambda: not server.knows(own.client), A_SECOND)
    file = installation.file("again.json", json.dumps(exported))
    assert installation.run("app", "import", file).status == 0
    eventually(lambda: server.knows(own.client), A_SECOND)
    assert not own.is_live(pair)
    assert own.is_live(own.grant())
