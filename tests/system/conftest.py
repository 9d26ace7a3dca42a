"""Fixtures: servers of a module, and what they said when a test fails."""

import pathlib
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1] / "support"))
pytest.register_assert_rewrite("harness")

from harness.assertions import Client
from harness.echo_api import EchoApi
from harness.installation import Installation
from harness.keys import key_of
from harness.postgresql import Engine
from harness.server import Server

LINES_SHOWN = 15
MODULE_SERVERS = pytest.StashKey()


class Servers:
    """Those that a module started; none of them outlives it."""

    def __init__(self, new_folder):
        self._new_folder = new_folder
        self._servers = []

    def install(self, settings=None, **options):
        return Installation(self._new_folder(), settings, **options)

    def make(self, settings=None, environment=None, **options):
        """A server that is yet to be started."""
        server = Server(self.install(settings, **options), environment)
        self._servers.append(server)
        return server

    def start(self, settings=None, environment=None, **options):
        return self.make(settings, environment, **options).start()

    def end_all(self):
        for server in self._servers:
            if server.running:
                server.kill()

    def logs(self):
        for server in self._servers:
            for file in (server.installation.log, server.installation.data / "audit.jsonl"):
                if file.exists():
                    yield str(file), "\n".join(file.read_text().splitlines()[-LINES_SHOWN:])


@pytest.fixture(scope="module")
def servers(request, tmp_path_factory):
    servers = Servers(lambda: tmp_path_factory.mktemp("assay"))
    request.node.stash[MODULE_SERVERS] = servers
    yield servers
    servers.end_all()


@pytest.fixture(scope="module")
def settings():
    """The module's settings; a module with its own overrides this."""
    return {}


@pytest.fixture(scope="module")
def server(servers, settings):
    return servers.start(settings)


@pytest.fixture(scope="module")
def billing(server):
    """The ordinary application."""
    return server.register("billing", key_of("P-256", "billing"), "--scope", "invoices.write",
                           "--default-scope", "invoices.read", algorithm="ES256")


@pytest.fixture(scope="module")
def stranger():
    """Signs well, but is registered nowhere."""
    return Client("stranger", key_of("P-256", "stranger"), "ES256")


@pytest.fixture(scope="module")
def inspector(server):
    """The id and the secret of an application that may ask about tokens."""
    return server.register_with_secret("inspector", "--may-introspect")


@pytest.fixture(scope="module")
def engine():
    """A PostgreSQL of the module's own."""
    engine = Engine()
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def running_api():
    """What gateways protect."""
    api = EchoApi()
    yield api
    api.close()


@pytest.fixture
def api(running_api):
    """The API, which nothing has reached yet."""
    running_api.calls.clear()
    return running_api


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    started = item.getparent(pytest.Module).stash.get(MODULE_SERVERS, None)
    if report.failed and started:
        report.sections.extend(started.logs())
