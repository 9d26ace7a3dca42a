"""A node of the new version beside one of the old, on one database that the new one migrates."""

import pathlib
import threading

import pytest

from harness import http
from harness.installation import BINARY
from harness.patience import A_SECOND, eventually

OLD_BINARY = pathlib.Path(BINARY).with_name("assay_of_older_schema")
AUDIENCE = "https://assay.example/token"
REPLAYED = "The assertion has been used before."
SERVICE = {"issuer": "https://assay.example",
           "signing_keys": {"encryption_key": "env:NODE_SECRET"},
           "token_services": [{"audience": [AUDIENCE],
                               "refresh_token": {"issue": True, "grace": "0s"}}]}
SECRET = {"NODE_SECRET": "of all nodes, and long enough for it"}


class Load(threading.Thread):
    """Grants at one node, one after the other, until it is told that it is over."""

    def __init__(self, node, client):
        super().__init__()
        self._node, self._client = node, client
        self.statuses = []
        self._is_over = threading.Event()

    def run(self):
        while not self._is_over.is_set():
            self.statuses.append(present(self._node, self._client).status)

    def end(self):
        self._is_over.set()
        self.join()


class Upgrade:
    """What was seen on the way from the old node alone to both."""


def present(node, client):
    return node.present(client.assertion(AUDIENCE))


def token_store(node):
    outcome = node.installation.run("store", "status", "--json")
    return outcome.status, next(each for each in outcome.json["stores"]
                                if each["store"] == "tokens")


@pytest.fixture(scope="module")
def upgrade(servers, engine):
    seen = Upgrade()
    settings = {**SERVICE, **engine.stores("upgraded")}
    seen.old = servers.start(settings, SECRET, binary=OLD_BINARY)
    seen.client, seen.secret = seen.old.register_with_both("billing", "--may-introspect")
    seen.new = servers.make(settings, SECRET)
    seen.before = token_store(seen.new)
    seen.pair = present(seen.old, seen.client).json
    seen.used = seen.client.assertion(AUDIENCE)
    assert seen.old.present(seen.used).status == 200

    load = Load(seen.old, seen.client)
    load.start()
    eventually(lambda: len(load.statuses) > 20)
    seen.migration = seen.new.installation.run("store", "migrate")
    seen.new.start()
    granted = len(load.statuses)
    eventually(lambda: len(load.statuses) > granted + 20)
    load.end()
    seen.statuses = load.statuses
    eventually(lambda: present(seen.new, seen.client).status == 200, A_SECOND)
    return seen


def both_ways(upgrade):
    return ((upgrade.old, upgrade.new), (upgrade.new, upgrade.old))


def test_the_old_node_is_of_another_schema(upgrade):
    status, store = upgrade.before
    assert status == 1 and store["state"] == "is to be migrated"
    assert store["version"] < store["program_version"]
    status, store = token_store(upgrade.old)
    assert status == 0 and store["version"] > store["program_version"]


def test_grants_go_on_while_the_database_is_migrated(upgrade):
    assert upgrade.migration.status == 0, upgrade.migration.err
    assert set(upgrade.statuses) == {200}


def test_what_was_used_before_the_upgrade_is_refused_after_it(upgrade):
    for node in (upgrade.new, upgrade.old):
        assert node.present(upgrade.used).json["error_description"] == REPLAYED


def test_a_token_from_before_the_upgrade_is_good_after_it(upgrade):
    for node in (upgrade.new, upgrade.old):
        assert node.introspect(upgrade.pair["access_token"], upgrade.secret).json["active"] is True


def test_an_assertion_used_on_one_is_refused_on_the_other(upgrade):
    for one, other in both_ways(upgrade):
        used = upgrade.client.assertion(AUDIENCE)
        assert one.present(used).status == 200
        assert other.present(used).json["error_description"] == REPLAYED


def test_a_token_of_one_is_revoked_on_the_other(upgrade):
    for one, other in both_ways(upgrade):
        token = present(one, upgrade.client).json["access_token"]
        assert other.introspect(token, upgrade.secret).json["active"] is True
        assert other.revoke(token, http.basic(*upgrade.secret)).status == 200
        assert one.introspect(token, upgrade.secret).json["active"] is False


def test_a_refresh_token_of_one_is_exchanged_once_on_the_other(upgrade):
    for one, other in both_ways(upgrade):
        pair = present(one, upgrade.client).json
        again = other.refresh(pair["refresh_token"], http.basic(*upgrade.secret))
        assert again.status == 200, again
        assert one.refresh(pair["refresh_token"], http.basic(*upgrade.secret)).status == 400
        assert other.introspect(again.json["access_token"],
                                upgrade.secret).json["active"] is False


def test_an_old_node_that_starts_again_serves_as_before(upgrade):
    upgrade.old.stop()
    upgrade.old.start()
    assert present(upgrade.old, upgrade.client).status == 200
    assert upgrade.new.present(upgrade.used).json["error_description"] == REPLAYED
