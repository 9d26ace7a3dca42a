"""Keys change while tokens are granted: who keeps the key set as allowed can check each of them."""

import re
import threading
import time

import pytest

from harness import jwt
from harness.patience import LONGEST, eventually

KEY_SET = "/api/oauth/jwks.json"
CHECKERS = 4
ROTATIONS = 3

# A rotation takes seconds by itself.
LONG = 3 * LONGEST


@pytest.fixture(scope="module")
def settings():
    """Keys rotate by hand within seconds."""
    return {"signing_keys": {"max_age": "1s", "announce_for": "3s"},
            "token_services": [{"access_token": {"format": "jwt"}}]}


class Checker(threading.Thread):
    """An API that keeps the key set for as long as the answer allows, and checks new tokens."""

    def __init__(self, server, client):
        super().__init__()
        self.server, self.client = server, client
        self.checked, self.refused, self.kids = 0, 0, set()
        self.is_over = threading.Event()
        self._keys, self._good_until = None, 0.0

    def run(self):
        while not self.is_over.is_set():
            token = self.server.token(self.client)
            self.refused += not jwt.is_signed_by(token, self._key_set())
            self.kids.add(jwt.header_of(token)["kid"])
            self.checked += 1

    def _key_set(self):
        now = time.monotonic()
        if now >= self._good_until:
            answer = self.server.exchange("GET", KEY_SET)
            max_age = re.search(r"max-age=(\d+)", answer.headers["Cache-Control"])
            self._keys = answer.json
            # An answer's age counts from its request (RFC 9111 section 4.2.3).
            self._good_until = now + int(max_age.group(1))
        return self._keys


@pytest.fixture
def checkers(server, billing):
    """They are at work, until they are told that it is over."""
    checkers = [Checker(server, billing) for _ in range(CHECKERS)]
    for checker in checkers:
        checker.start()
    eventually(lambda: all(checker.checked for checker in checkers))
    yield checkers
    end(checkers)


def end(checkers):
    for checker in checkers:
        checker.is_over.set()
    for checker in checkers:
        checker.join()


def rotate(server, *options):
    """Has the keys change, and gives the new one's kid once it signs."""
    before = signing(server)
    assert server.installation.run("key", "rotate", *options).status == 0
    return eventually(lambda: signing(server) - before, LONG).pop()


def signing(server):
    return kids_of(server, "signing")


def kids_of(server, state):
    listed = server.installation.run("key", "list", "--json").json["keys"]
    return {key["kid"] for key in listed if key["state"] == state}


def test_no_token_is_refused_while_keys_rotate(server, checkers):
    kids = signing(server)
    for _ in range(ROTATIONS):
        kid = rotate(server)
        kids.add(kid)
        eventually(lambda: all(kid in checker.kids for checker in checkers), LONG)
    assert kids_of(server, "retired") == kids - {kid}
    end(checkers)
    assert sum(checker.checked for checker in checkers) > 300
    assert set().union(*(checker.kids for checker in checkers)) == kids
    assert len(kids) == 1 + ROTATIONS
    assert [checker.refused for checker in checkers] == [0] * CHECKERS


def test_a_key_that_nobody_announced_breaks_tokens(server, checkers):
    """Which shows that the test above would see it."""
    def broken():
        rotate(server, "--now")
        return any(checker.refused for checker in checkers)
    eventually(broken, LONG)
