"""Several nodes on shared engines: what is done at one is in force at all."""

import concurrent.futures
import itertools

import pytest

from harness import http, jwt
from harness.patience import A_SECOND, LONGEST, eventually
from harness.postgresql import POOLER
from harness.redis import Redis, RedisCluster

AUDIENCE = "https://assay.example/token"
JWT_PATH = "/api/oauth/jwt"
KEY_SET = "/api/oauth/jwks.json"
REPLAYED = "The assertion has been used before."
SECRET = {"NODE_SECRET": "of all nodes, and long enough for it"}
AT_ONCE = 16


def service(**signing_keys):
    return {"issuer": "https://assay.example",
            "signing_keys": {"encryption_key": "env:NODE_SECRET", "max_age": "1s",
                             "announce_for": "2s", **signing_keys},
            "token_services": [
                {"audience": [AUDIENCE], "refresh_token": {"issue": True, "grace": "0s"}},
                {"path": JWT_PATH, "audience": [AUDIENCE], "access_token": {"format": "jwt"}}]}


@pytest.fixture(scope="module", params=["postgresql", "redis", "redis_cluster"])
def kind(request):
    """Of the engine that has the tokens."""
    return request.param


@pytest.fixture(scope="module")
def elsewhere(kind, tmp_path_factory):
    """Settings for tokens that are not where the registry is."""
    if kind == "postgresql":
        yield {}
        return
    redis = {"redis": Redis, "redis_cluster": RedisCluster}[kind](tmp_path_factory.mktemp(kind))
    yield {"tokens": redis.url}
    redis.end()


@pytest.fixture(scope="module")
def nodes(servers, engine, kind, elsewhere):
    """One at the PostgreSQL itself, and one behind a pooler."""
    stores = [{"stores": {**engine.stores(kind, **more)["stores"], **elsewhere}}
              for more in ({}, POOLER)]
    return [servers.start({**service(), **each}, SECRET) for each in stores]


@pytest.fixture(scope="module")
def billing(nodes):
    """An application, and its id and secret, registered at one node and known to all."""
    client, secret = nodes[0].register_with_both(
        "billing", "--may-introspect", "--subject", "billing", "--subject", "alice")
    for node in nodes:
        eventually(lambda at=node: present(at, client).status == 200, A_SECOND)
    return client, secret


def present(node, client, path=JWT_PATH, **claims):
    return node.present(client.assertion(AUDIENCE, **claims), path)


def is_live(node, token, secret):
    return node.introspect(token, secret).json["active"]


def run(node, *command):
    outcome = node.installation.run(*command, environment=SECRET)
    assert outcome.status == 0, outcome.err
    return outcome


def both_ways(nodes):
    return (nodes, nodes[::-1])


def test_a_change_of_the_registry_is_in_force_on_all_within_a_second(nodes, billing):
    client, _ = billing
    for one in nodes:
        run(one, "app", "disable", client.id)
        for node in nodes:
            eventually(lambda at=node: present(at, client).status == 400, A_SECOND)
        run(one, "app", "enable", client.id)
        for node in nodes:
            eventually(lambda at=node: present(at, client).status == 200, A_SECOND)


def test_an_assertion_is_used_on_one_and_refused_on_all(nodes, billing):
    for one, other in both_ways(nodes):
        used = billing[0].assertion(AUDIENCE)
        assert one.present(used).status == 200
        for node in (one, other):
            assert node.present(used).json["error_description"] == REPLAYED


def test_of_many_that_send_an_assertion_to_all_at_once_one_gets_a_token(nodes, billing):
    for _ in range(5):
        used = billing[0].assertion(AUDIENCE)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda node: node.present(used),
                                    itertools.islice(itertools.cycle(nodes), AT_ONCE)))
        assert sorted(answer.status for answer in answers) == [200] + [400] * (AT_ONCE - 1)
        assert {answer.json["error_description"] for answer in answers
                if answer.status == 400} == {REPLAYED}


@pytest.mark.parametrize("path", ["/api/oauth/token", JWT_PATH])
def test_a_token_of_one_is_known_to_all_until_it_is_revoked_on_any(nodes, billing, path):
    client, secret = billing
    for one, other in both_ways(nodes):
        token = present(one, client, path).json["access_token"]
        demand = "aud=https://assay.example"
        assert is_live(other, token, secret)
        assert other.check(token, demand).status == 200
        assert other.revoke(token, http.basic(*secret)).status == 200
        assert not is_live(one, token, secret)
        assert one.check(token, demand).status == 401


def test_all_tokens_for_a_subject_end_on_all_within_a_second(nodes, billing):
    client, secret = billing
    for one, other in both_ways(nodes):
        token = present(one, client, sub="alice").json["access_token"]
        assert is_live(other, token, secret)
        run(one, "token", "revoke", "--subject", "alice")
        for node in nodes:
            eventually(lambda at=node: not is_live(at, token, secret), A_SECOND)


def test_a_refresh_token_is_exchanged_on_any_and_once(nodes, billing):
    client, secret = billing
    for one, other in both_ways(nodes):
        pair = present(one, client, "/api/oauth/token").json
        again = other.refresh(pair["refresh_token"], http.basic(*secret))
        assert again.status == 200, again
        assert is_live(one, again.json["access_token"], secret)
        assert one.refresh(pair["refresh_token"], http.basic(*secret)).status == 400
        assert not is_live(other, again.json["access_token"], secret)
        assert other.refresh(again.json["refresh_token"], http.basic(*secret)).status == 400


def key_set(node):
    return node.exchange("GET", KEY_SET).json


def kid_of_a_token(node, client):
    return jwt.header_of(present(node, client).json["access_token"])["kid"]


def test_signing_keys_are_shared_and_rotated_by_one(nodes, billing):
    client, _ = billing
    for one, other in both_ways(nodes):
        before = kid_of_a_token(other, client)
        run(one, "key", "rotate")
        after = eventually(lambda: {kid_of_a_token(other, client)} - {before}).pop()
        eventually(lambda: kid_of_a_token(one, client) == after)
        eventually(lambda: key_set(one) == key_set(other))
        assert jwt.is_signed_by(present(one, client).json["access_token"], key_set(other))


def test_of_many_nodes_one_makes_the_next_key(servers, engine):
    """Each follows the other, however many nodes could have made it."""
    settings = {**service(announce_for="3s", rotate_every="4s"), **engine.stores("rotation")}
    nodes = [servers.start(settings, SECRET) for _ in range(3)]

    def keys():
        listed = run(nodes[0], "key", "list", "--json").json["keys"]
        return sorted((key for key in listed if key["alg"] == "ES256"),
                      key=lambda key: key["signs_from"])

    eventually(lambda: len(keys()) >= 4, 3 * LONGEST)
    made = keys()
    begins = [key["signs_from"] for key in made]
    assert len(set(begins)) == len(begins)
    assert [key["signs_until"] for key in made[:-1] if "signs_until" in key] == begins[1:]
    eventually(lambda: len({str(key_set(node)) for node in nodes}) == 1)
