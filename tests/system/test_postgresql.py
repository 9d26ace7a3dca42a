"""Nodes on a PostgreSQL: its versions, its password, and what becomes of requests when it is gone."""

import pytest

from harness import http
from harness.patience import A_SECOND, answer_of, eventually
from harness.postgresql import POOLER

AUDIENCE = "https://assay.example/token"
SERVICE = {"issuer": "https://assay.example",
           "signing_keys": {"encryption_key": "env:NODE_SECRET"},
           "token_services": [{"audience": [AUDIENCE]}]}


@pytest.fixture(scope="module")
def nodes(servers, engine):
    """One at the engine itself, and one behind a pooler."""
    secret = {"NODE_SECRET": "of all nodes, and long enough for it"}
    return [servers.start({**SERVICE, **engine.stores("nodes", **more)}, secret)
            for more in ({}, POOLER)]


@pytest.fixture(scope="module")
def billing(nodes):
    """An application, and its id and secret, registered at one node and known to all."""
    client, secret = nodes[0].register_with_both("billing", "--may-introspect")
    for node in nodes:
        eventually(lambda at=node: present(at, client).status == 200, within=A_SECOND)
    return client, secret


def present(node, client):
    return node.present(client.assertion(AUDIENCE))


def is_ready(node):
    return http.exchange(node.url, "GET", "/health/ready")


def test_the_command_line_counts_what_all_nodes_issued(nodes, billing):
    def count(node):
        return node.installation.run("token", "count", "--json").json["access"]

    before = count(nodes[0])
    present(nodes[1], billing[0])
    assert count(nodes[0]) == before + 1


def test_nothing_is_granted_while_the_engine_is_gone_and_all_goes_on_by_itself(
        nodes, billing, engine):
    client, secret = billing
    token = present(nodes[0], client).json["access_token"]
    engine.halt()
    try:
        for node in nodes:
            answer = present(node, client)
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) > 0
            answer_of(503, lambda at=node: is_ready(at))
    finally:
        engine.resume()
    for node in nodes:
        answer_of(200, lambda at=node: is_ready(at))
        answer_of(200, lambda at=node: present(at, client))
        look_up = answer_of(200, lambda at=node: at.introspect(token, secret))
        assert look_up.json["active"] is True


def test_the_versions_of_the_stores_are_shown(nodes, billing):
    outcome = nodes[0].installation.run("store", "status", "--json")
    assert outcome.status == 0
    assert [store["state"] for store in outcome.json["stores"]] == ["is up to date"] * 3
    assert nodes[0].installation.run("store", "migrate").status == 0


def test_an_empty_database_is_to_be_migrated(servers, engine):
    installation = servers.install(engine.stores("empty"))
    assert installation.run("store", "status").status == 1
    assert installation.run("store", "migrate").status == 0
    assert installation.run("store", "status").status == 0


def test_files_need_no_migration(servers):
    outcome = servers.install().run("store", "status")
    assert outcome.status == 0
    assert outcome.out.count("needs no migration") == 3


def test_a_password_in_the_url_is_in_no_message(servers):
    url = "postgresql://assay:s3cret@127.0.0.1:1/assay"
    server = servers.make({"stores": {"tokens": url}})
    server.launch()
    assert server.end() == 1
    said = server.installation.log.read_text()
    assert "127.0.0.1:1" in said
    assert "s3cret" not in said
    shown = server.installation.run("config", "show")
    assert "s3cret" not in shown.out + shown.err
