"""Grants and refreshes tokens under load, kills the server, and looks whether it kept its word."""

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

# The grace is for whoever got no answer; it is longer than a test.
REFRESH_SETTINGS = {"issuer": "https://assay.example", "token_services": [
    {"audience": [AUDIENCE], "refresh_token": {"issue": True, "grace": "300s"}}]}


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


@dataclasses.dataclass
class Chain:
    """What a client has that refreshes again and again, each time by the token of before."""

    access_token: str
    refresh_token: str
    refreshes: int = 0

    def follow(self, answer):
        self.access_token = answer.json["access_token"]
        self.refresh_token = answer.json["refresh_token"]
        self.refreshes += 1


class RefreshCrashTest:
    """A server that is to be killed, and clients that refresh their tokens there."""

    def __init__(self, server):
        self.server = server
        self.client = server.register("load", key_of("P-256", "load"), algorithm="ES256")
        outcome = server.installation.run("app", "update", "load", "--secret",
                                          "--may-introspect", "--json")
        self.credentials = ("load", outcome.json["client_secret"])

    def chains(self):
        """One a client; the server must run."""
        pairs = [self.server.present(self.client.assertion(AUDIENCE)).json
                 for _ in range(CONNECTIONS)]
        return [Chain(pair["access_token"], pair["refresh_token"]) for pair in pairs]

    def load_and_kill(self, chains, seconds):
        """Follows the chains and kills the server after so long: each has sent its refresh token
        and knows not what became of it."""
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            load = [pool.submit(self._follow, chain) for chain in chains]
            time.sleep(seconds)
            self.server.kill()
            for each in load:
                each.result()

    def losses(self, chains):
        """The chains that the running server lets nobody follow: whose last answer is worth
        nothing, or whose last request cannot be made again."""
        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            return [chain for chain, whole in zip(chains, pool.map(self._mend, chains))
                    if not whole]

    def _follow(self, chain):
        with contextlib.closing(http.Session(self.server.url)) as session:
            while True:
                try:
                    answer = session.exchange("POST", TOKEN_PATH, self._body(chain), self._headers)
                except (OSError, http.NoAnswer):
                    return
                assert answer.status == 200, answer
                chain.follow(answer)

    def _mend(self, chain):
        """Makes the last request again, twice, as if the answer had been lost once more."""
        if not self._is_active(chain.access_token):
            return False
        first, second = (self.server.refresh(chain.refresh_token, self._basic) for _ in range(2))
        if first.status != 200 or second.status != 200:
            return False
        pairs = [(answer.json["access_token"], answer.json["refresh_token"])
                 for answer in (first, second)]
        chain.follow(first)
        return pairs[0] == pairs[1] and self._is_active(chain.access_token)

    def _is_active(self, token):
        return self.server.introspect(token, self.credentials).json["active"]

    def _body(self, chain):
        return http.form({"grant_type": "refresh_token", "refresh_token": chain.refresh_token})

    @property
    def _basic(self):
        return http.basic(*self.credentials)

    @property
    def _headers(self):
        return {**http.FORM, **self._basic}
