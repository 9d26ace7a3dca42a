"""`assay store copy`: a live server moves to other engines, and stands by what it answered before."""

import concurrent.futures
import dataclasses
import signal
import subprocess
import threading
import time

import pytest

from harness import http, jwt
from harness.installation import clean_environment
from harness.keys import key_of
from harness.patience import eventually
from harness.postgresql import Engine
from harness.redis import Redis

AUDIENCE = "https://assay.example/token"
REPLAYED = "The assertion has been used before."
REFRESHED, SIGNED = "/refreshed/token", "/signed/token"
GRACE = 1
SERVICE = {"issuer": "https://assay.example",
           "signing_keys": {"encryption_key": "env:NODE_SECRET"},
           "token_services": [
               {"audience": [AUDIENCE]},
               {"path": REFRESHED, "audience": [AUDIENCE],
                "refresh_token": {"issue": True, "grace": f"{GRACE}s"}},
               {"path": SIGNED, "audience": [AUDIENCE], "access_token": {"format": "jwt"}}]}
SECRET = {"NODE_SECRET": "of all nodes, and long enough for it"}
FILES = ("sqlite:registry.db", "sqlite:tokens.db")
LOADS = 4
MANY = 1500


@pytest.fixture(scope="module")
def engine():
    engine = Engine()
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    redis = Redis(tmp_path_factory.mktemp("redis"))
    yield redis
    redis.end()


@dataclasses.dataclass
class Answered:
    """What a server said that others are held to."""

    live: list = dataclasses.field(default_factory=list)
    revoked: list = dataclasses.field(default_factory=list)
    used: list = dataclasses.field(default_factory=list)  # assertions
    rotated: list = dataclasses.field(default_factory=list)  # the old and the new refresh token


class Moved:
    """A server on files, with an application that keeps it busy."""

    def __init__(self, servers):
        self.servers = servers
        self.server = servers.start(SERVICE, SECRET)
        self.client, self.secret = self.server.register_with_both("load", "--may-introspect")
        self.answered = Answered()
        self._halted = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(LOADS)
        self._loads = []

    def begin_load(self):
        self._loads = [self._pool.submit(self._load) for _ in range(LOADS)]

    def end_load(self):
        self._halted.set()
        for load in self._loads:
            load.result()

    def copy(self, *arguments):
        return self.server.installation.run("store", "copy", "--json", *arguments)

    def copies(self, routes, *options):
        """Both stores, to where the routes lead; what each came to."""
        reports = []
        for route in routes:
            outcome = self.copy(*route, *options)
            assert outcome.status == 0, outcome
            reports += outcome.json["stores"]
        return reports

    def other(self, stores):
        """A server on other stores, with a data folder of its own."""
        return self.servers.make({**SERVICE, "stores": stores}, SECRET)

    def _load(self):
        while not self._halted.is_set():
            assertion = self.client.assertion(AUDIENCE)
            token = self._granted(assertion)
            self.answered.used.append(assertion)
            if len(self.answered.used) % 10 == 0:
                answer = self.server.revoke(token, http.basic(*self.secret))
                assert answer.status == 200
                self.answered.revoked.append(token)
            else:
                self.answered.live.append(token)
            if len(self.answered.used) % 10 == 5:
                self._rotate()

    def _granted(self, assertion, path="/api/oauth/token"):
        answer = self.server.present(assertion, path)
        assert answer.status == 200, answer
        return answer.json["access_token"]

    def _rotate(self):
        answer = self.server.present(self.client.assertion(AUDIENCE), REFRESHED)
        old = answer.json["refresh_token"]
        answer = self.server.refresh(old, http.basic(*self.secret), REFRESHED)
        assert answer.status == 200, answer
        self.answered.live.append(answer.json["access_token"])
        self.answered.rotated.append((old, answer.json["refresh_token"]))


def assert_stands_by(server, moved):
    answered = moved.answered
    assert answered.live and answered.revoked and answered.rotated
    active = lambda token: server.introspect(token, moved.secret).json["active"]
    assert all(active(token) for token in answered.live)
    assert not any(active(token) for token in answered.revoked)
    for assertion in answered.used:
        assert server.present(assertion).json["error_description"] == REPLAYED

    basic = http.basic(*moved.secret)
    old, new = answered.rotated[0]
    answer = server.refresh(new, basic, REFRESHED)
    assert answer.status == 200, answer
    time.sleep(GRACE)  # within it, the answer is repeated
    old, new = answered.rotated[-1]
    assert server.refresh(old, basic, REFRESHED).status == 400
    assert server.refresh(new, basic, REFRESHED).status == 400, "its family is revoked"


def move(servers, stores, routes):
    """From files to those stores, under load; a server there stands by all of it."""
    moved = Moved(servers)
    signed = moved.server.present(moved.client.assertion(AUDIENCE), SIGNED).json["access_token"]
    moved.begin_load()
    eventually(lambda: len(moved.answered.used) > 200, 60)
    first = moved.copies(routes)
    again = moved.copies(routes)
    assert sum(each["copied"] for each in first) > 0
    assert all(each["different"] == 0 and not each["finished"] for each in first + again)

    too_early = moved.other(stores)
    too_early.launch()
    assert too_early.end() == 1
    assert "--finish" in too_early.installation.log.read_text()

    moved.end_load()
    moved.server.stop()
    last = moved.copies(routes, "--finish")
    assert all(each["finished"] for each in last)
    server = moved.other(stores).start()
    assert_stands_by(server, moved)
    keys = server.exchange("GET", "/api/oauth/jwks.json").json
    assert jwt.verified_claims(signed, keys)["iss"] == SERVICE["issuer"]
    assert server.introspect(signed, moved.secret).json["active"]
    assert server.present(moved.client.assertion(AUDIENCE)).status == 200


def test_a_server_on_files_moves_to_postgresql(servers, engine):
    url = engine.url("moved")
    move(servers, {"registry": url, "tokens": url}, [(file, url) for file in FILES])


def test_a_server_on_files_moves_to_a_redis(servers, redis, tmp_path):
    registry = f"sqlite:{tmp_path}/moved.db"
    move(servers, {"registry": registry, "tokens": redis.url},
         [(FILES[0], registry), (FILES[1], redis.url)])


def test_what_is_stopped_goes_on_where_it_was(servers, engine):
    moved = Moved(servers)
    moved.begin_load()
    eventually(lambda: len(moved.answered.used) > MANY, 60)
    moved.end_load()
    url = engine.url("stopped")
    process = subprocess.Popen(moved.server.installation.arguments("store", "copy", FILES[1], url),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=clean_environment())
    assert "reading what is there" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, out + err
    assert "goes on from there" in out
    tokens = moved.copy(FILES[1], url).json["stores"][0]
    assert tokens["verified"] > 2 * MANY
    assert tokens["different"] == 0
    assert moved.copy(FILES[1], url).json["stores"][0]["copied"] == 0


def test_one_command_copies_all_that_a_schema_holds(servers, engine):
    server = servers.start({**SERVICE, **engine.stores("whole")}, SECRET)
    client, secret = server.register_with_both("load", "--may-introspect")
    token = server.present(client.assertion(AUDIENCE)).json["access_token"]
    server.stop()
    outcome = server.installation.run("store", "copy", "--finish", engine.url("whole"),
                                      engine.url("whole_copy"))
    assert outcome.status == 0, outcome
    assert outcome.out.count("finished") == 2
    other = servers.start({**SERVICE, **engine.stores("whole_copy")}, SECRET)
    assert other.introspect(token, secret).json["active"]
    outcome = server.installation.run("store", "copy", engine.url("whole"), "sqlite:both.db")
    assert outcome.status == 2
    assert "say --registry or --tokens" in outcome.err


def test_a_registry_of_a_json_file_goes_into_a_database(servers):
    server = servers.make({"stores": {"registry": "file:registry.json"}})
    server.register("billing", key_of("P-256"), algorithm="ES256")
    outcome = server.installation.run("store", "copy", "--finish", "file:registry.json",
                                      "sqlite:registry.db")
    assert outcome.status == 0, outcome
    server.installation.configure({})
    assert server.installation.run("app", "show", "billing").status == 0


def test_a_store_that_holds_something_else_is_left_alone(servers, engine):
    moved = Moved(servers)
    moved.server.present(moved.client.assertion(AUDIENCE))
    other = servers.start({**SERVICE, **engine.stores("other")}, SECRET)
    other.stop()
    outcome = moved.copy(FILES[0], engine.url("other"))
    assert outcome.status == 1
    assert "copy into an empty store" in outcome.err


def test_a_copy_of_another_store_is_not_gone_on_with(servers, engine):
    one, two = Moved(servers), Moved(servers)
    url = engine.url("one_of_two")
    assert one.copy(FILES[0], url).status == 0
    outcome = two.copy(FILES[0], url)
    assert outcome.status == 1
    assert "is not finished" in outcome.err


@pytest.mark.parametrize("routes, words, status", [
    (("memory:", "sqlite:x.db"), "in memory", 2),
    (("sqlite:tokens.db", "memory:"), "in memory", 2),
    (("nonsense", "sqlite:x.db"), "is not one of", 2),
    (("sqlite:tokens.db", "sqlite:./tokens.db"), "are the same store", 2),
    (("sqlite:gone.db", "sqlite:x.db"), "there is no file", 1),
    (("sqlite:registry.db", "redis://127.0.0.1:1"), "nothing that TO could hold", 1),
    (("sqlite:tokens.db", "sqlite:x.db", "--registry"), "FROM holds no registry", 1)],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value))
def test_a_copy_that_makes_no_sense_is_refused(server, routes, words, status):
    outcome = server.installation.run("store", "copy", *routes)
    assert outcome.status == status
    assert words in outcome.err
    assert not (server.installation.data / "x.db").exists()
