"""Nodes of Assay that share a store, and the application that asks them."""

import datetime
import time

import process
from engines.clock import Clock
from harness import http
from harness.installation import Installation
from harness.patience import eventually
from harness.server import Server
from harness.assertions import Client
from harness.keys import key_of

AUDIENCE = "https://assay.example/token"
SETTINGS = {
    "issuer": "https://assay.example",
    "signing_keys": {"encryption_key": "env:NODE_SECRET"},
    # A purge that forgets too much is to do it within the run.
    "stores": {"purge_every": "1s"},
    "listen": {"threads": 1},
    "log": {"level": "warning"},
    "token_services": [{"audience": [AUDIENCE],
                        "refresh_token": {"issue": True, "grace": "300s"}}],
}
SECRET = {"NODE_SECRET": "of all nodes of one run, and long enough"}


class Node:
    """A server of its own data folder, whose clock can jump."""

    def __init__(self, name, folder, stores):
        folder.mkdir(parents=True)
        self.name = name
        self.clock = Clock(folder)
        settings = {**SETTINGS, "stores": {**SETTINGS["stores"], **stores},
                    "audit": {"node": name}}
        self.server = Server(Installation(folder, settings),
                             {**SECRET, **self.clock.environment})

    @property
    def url(self):
        return self.server.url

    @property
    def pid(self):
        return self.server.process.pid

    def start(self):
        self.server.start()

    def kill(self):
        confirmed = process.kill(self.pid)
        self.server.end()
        return confirmed

    def is_ready(self):
        try:
            return http.exchange(self.url, "GET", "/health/ready").status == 200
        except (OSError, http.NoAnswer):
            return False

    def ahead(self):
        """By how many seconds its clock is, as it writes into its audit log."""
        line = self.server.installation.audit_lines()[-1]
        return datetime.datetime.fromisoformat(line["time"]).timestamp() - time.time()

    def end(self):
        if self.server.running:
            process.go_on(self.pid)
            self.server.kill()


class Application:
    """As it signs, and its id and secret; it may ask about its tokens."""

    ID = "soak"

    def __init__(self, node):
        """Registered at one node; the others read the same registry."""
        key = key_of("P-256", self.ID)
        file = node.server.installation.file("soak.jwk", key.jwk())
        record = node.server.installation.register(
            self.ID, "--jwk", file, "--secret", "--may-introspect")
        self.client = Client(self.ID, key, "ES256")
        self.basic = http.basic(self.ID, record["client_secret"])

    def assertion(self, **claims):
        return self.client.assertion(AUDIENCE, **claims)

    def is_known_to(self, node):
        answer = node.server.present(self.assertion())
        return answer.status == 200

    def await_known(self, nodes):
        for node in nodes:
            eventually(lambda at=node: self.is_known_to(at), within=process.LONGEST)
