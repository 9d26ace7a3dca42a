"""Grants tokens under load, kills the server, and looks whether it kept its word."""

import concurrent.futures
import contextlib
import dataclasses
import threading
import time

from harness import http
from harness.installation import TOKEN_PATH
from harness.keys import key_of
from harness.server import JWT_BEARER

CONNECTIONS = 32
AUDIENCE = "https://assay.example/token"
REPLAYED = "The assertion has been used before."

# Longer than all rounds together: once it has expired, it would be refused for another reason.
LIFETIME = 300

SETTINGS = {"issuer": "https://assay.example", "token_services": [{"audience": [AUDIENCE]}]}


@dataclasses.dataclass(frozen=True)
class Grant:
    """One that was answered."""

    assertion: str
    token: str


@dataclasses.dataclass
class Losses:
    """Grants that the server did not stand by after its restart."""

    tokens: list = dataclasses.field(default_factory=list)  # that are no longer active
    claims: list = dataclasses.field(default_factory=list)  # whose assertion is good once more

    def __bool__(self):
        return bool(self.tokens or self.claims)


class CrashTest:
    """A server that is to be killed, and one application that asks it for tokens."""

    def __init__(self, server):
        self.server = server
        self.client = server.register("load", key_of("P-256", "load"), algorithm="ES256")
        record = server.installation.register("caller", "--may-introspect", "--secret")
        self.caller = ("caller", record["client_secret"])

    def load_and_kill(self, seconds):
        """Asks the running server for tokens and kills it after so long. Gives the grants."""
        granted = []
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            killed = threading.Event()
            load = [pool.submit(self._load, killed, granted) for _ in range(CONNECTIONS)]
            time.sleep(seconds)
            self.server.kill()
            killed.set()
            for each in load:
                each.result()
        return granted

    def kill_while_starting(self, seconds):
        """Perhaps in the middle of its recovery from the kill before."""
        self.server.launch()
        time.sleep(seconds)
        self.server.kill()

    def losses(self, grants):
        """What the running server does not stand by."""
        losses = Losses()
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            verdicts = list(pool.map(self._verdict, grants))
        for grant, (is_active, is_replayed) in zip(grants, verdicts):
            if not is_active:
                losses.tokens.append(grant.token)
            if not is_replayed:
                losses.claims.append(grant.assertion)
        return losses

    def _load(self, killed, granted):
        """One connection: assertion after assertion, until the server is gone."""
        with contextlib.closing(http.Session(self.server.url)) as session:
            while not killed.is_set():
                assertion = self._assertion()
                body = http.form({"grant_type": JWT_BEARER, "assertion": assertion})
                try:
                    answer = session.exchange("POST", TOKEN_PATH, body, http.FORM)
                except (OSError, http.NoAnswer):
                    return
                assert answer.status == 200, answer
                granted.append(Grant(assertion, answer.json["access_token"]))

    def _assertion(self):
        return self.client.assertion(AUDIENCE, exp=int(time.time()) + LIFETIME)

    def _verdict(self, grant):
        active = self.server.introspect(grant.token, self.caller).json["active"]
        second = self.server.present(grant.assertion)
        return active, second.json.get("error_description") == REPLAYED

