"""How a server starts, reloads and ends."""

import contextlib
import signal
import socket
import stat
import subprocess

import pytest

from harness import http
from harness.installation import BINARY, ORIGIN, TOKEN_PATH, clean_environment, run
from harness.keys import key_of
from harness.patience import eventually
from harness.server import JWT_BEARER


def test_the_ready_line_says_both_addresses(servers):
    server = servers.start()
    assert server.output.read_text() == f"ready {server.url} manager {server.manager_url}\n"
    for url in (server.url, server.manager_url):
        assert http.exchange(url, "GET", "/health/live").status == 200


def test_the_data_folder_is_the_owners_alone(servers):
    server = servers.start()
    assert mode_of(server.installation.data) == 0o700
    for name in ("registry.db", "tokens.db", "usage.db", "audit.jsonl"):
        assert mode_of(server.installation.data / name) == 0o600, name


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("variables, folder", [
    ({}, "assay-data"), ({"STATE_DIRECTORY": "{}/state"}, "state"),
    ({"STATE_DIRECTORY": "{}/first:{}/second"}, "first")], ids=["the default", "systemd's", "two"])
def test_without_an_option_the_data_folder_is(tmp_path, variables, folder):
    variables = {name: value.format(tmp_path, tmp_path) for name, value in variables.items()}
    subprocess.run([BINARY, "app", "create", "--id", "here"], cwd=tmp_path, check=True,
                   env=clean_environment(**variables), capture_output=True)
    assert (tmp_path / folder / "registry.db").exists()
    assert mode_of(tmp_path / folder) == 0o700


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_status_0(servers, number):
    server = servers.start()
    server.signal(number)
    assert server.end() == 0


def test_a_request_under_way_is_answered_before_the_end(servers):
    server = servers.start()
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    body = http.form({"grant_type": JWT_BEARER, "assertion": server.assertion(client)}).encode()
    header = (f"POST {TOKEN_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
              "Content-Type: application/x-www-form-urlencoded\r\n\r\n").encode()
    eventually(lambda: open_connections(server) == 0)  # those of the registration have ended
    with http.connect(server.url) as connection:
        connection.sendall(header + body[:100])
        eventually(lambda: open_connections(server) == 1)
        server.signal(signal.SIGTERM)
        eventually(lambda: refuses_connections(server.url))
        connection.sendall(body[100:])
        answer = http.read_answer(connection)
    assert answer.status == 200
    assert answer.headers["Connection"] == "close"
    assert server.end() == 0


def open_connections(server):
    return server.metric("assay_open_connections")


def refuses_connections(url):
    try:
        with http.connect(url):
            return False
    except ConnectionRefusedError:
        return True


def test_idle_connections_do_not_hold_up_the_end(servers):
    server = servers.start()
    with http.connect(server.url) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        http.read_answer(connection)
        assert server.stop() == 0


def test_a_request_that_never_ends_does_not_hold_up_the_end_for_ever(servers):
    server = servers.start({"limits": {"drain_wait": "500ms"}})
    with http.connect(server.url) as connection:
        connection.sendall(b"POST /api/oauth/token HTTP/1.1\r\n")
        eventually(lambda: open_connections(server) == 1)
        assert server.stop() == 0


def test_tokens_outlive_the_server(servers):
    server = servers.start({"issuer": "https://stays.example"})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    caller = server.register_with_secret("caller", "--may-introspect")
    token = server.token(client)
    server.stop()
    server.start()
    assert server.introspect(token, caller).json["active"] is True


def test_a_second_server_on_the_port_says_so(servers):
    first = servers.start()
    port = int(first.url.rsplit(":", 1)[1])
    second = servers.make({"listen": {"port": port}})
    second.launch()
    assert second.end() == 1
    log = second.installation.log.read_text()
    assert str(port) in log
    assert len(log.splitlines()) == 1


def test_a_second_server_on_the_managers_port_says_so(servers):
    first = servers.start()
    port = int(first.manager_url.rsplit(":", 1)[1])
    second = servers.make({"manager": {"port": port}})
    second.launch()
    assert second.end() == 1
    assert str(port) in second.installation.log.read_text()


def test_a_bad_config_is_refused_at_the_start(servers):
    server = servers.make()
    server.installation.config.write_text("token_services:\n  - access_token: {length: 5}\n")
    server.launch()
    assert server.end() == 1
    log = server.installation.log.read_text()
    assert f"{server.installation.config}:2:28" in log
    assert "22" in log and "512" in log
    assert server.output.read_text() == ""


# systemd.

@contextlib.contextmanager
def service_manager(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(path)
        inbox.settimeout(10)
        yield lambda: inbox.recv(4096).decode().splitlines()


@pytest.mark.parametrize("abstract", [False, True], ids=["a file", "an abstract name"])
def test_the_service_manager_is_told_of_readiness_and_end(servers, tmp_path, abstract):
    name = str(tmp_path / "notify")
    address, variable = ("\0" + name, "@" + name) if abstract else (name, name)
    with service_manager(address) as next_message:
        server = servers.start(environment={"NOTIFY_SOCKET": variable})
        assert "READY=1" in next_message()
        server.signal(signal.SIGTERM)
        assert "STOPPING=1" in next_message()
        assert server.end() == 0


def test_without_a_service_manager_nobody_is_told(servers):
    servers.start(environment={"NOTIFY_SOCKET": "/nowhere/at/all"})


# SIGHUP.

def test_a_reload_puts_new_settings_in_force(servers):
    server = servers.start()
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    assert server.grant(client).json["expires_in"] == 3600
    url = server.url
    server.installation.configure({"token_services": [
        {"access_token": {"lifetime": "77s"}}, {"path": "/second/token"}]})
    server.signal(signal.SIGHUP)
    eventually(lambda: server.grant(client).json["expires_in"] == 77)
    assert server.present(server.assertion(client), "/second/token").status == 200
    assert server.url == url


def test_a_reload_drops_no_connection(servers):
    server = servers.start()
    request = b"GET /second/token HTTP/1.1\r\nHost: x\r\n\r\n"
    with http.connect(server.url) as connection:
        connection.sendall(request)
        assert http.read_answer(connection).status == 404
        server.installation.configure({"token_services": [{}, {"path": "/second/token"}]})
        server.signal(signal.SIGHUP)
        eventually(lambda: server.exchange("GET", "/second/token").status == 405)
        connection.sendall(request)
        assert http.read_answer(connection).status == 405


def test_a_bad_config_leaves_the_old_settings_in_force(servers):
    server = servers.start()
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    server.installation.config.write_text("token_services: [{path: nowhere}]\n")
    server.signal(signal.SIGHUP)
    eventually(lambda: f"{server.installation.config}:1:25" in server.installation.log.read_text())
    assert server.grant(client).status == 200
    server.installation.configure({"token_services": [{"access_token": {"lifetime": "77s"}}]})
    server.signal(signal.SIGHUP)
    eventually(lambda: server.grant(client).json["expires_in"] == 77)


def test_a_reload_says_what_needs_a_restart(servers):
    server = servers.start()
    server.installation.configure({"stores": {"tokens": "memory:"}})
    server.signal(signal.SIGHUP)
    eventually(lambda: "stores.tokens" in server.installation.log.read_text())


def test_the_port_really_taken_stands_in_issuer_and_audience(servers):
    server = servers.start({"issuer": ORIGIN + "/issuer"})
    client = server.register("billing", key_of("P-256"), algorithm="ES256")
    assert server.grant(client).status == 200
    document = server.exchange("GET", "/.well-known/oauth-authorization-server/issuer").json
    assert document["issuer"] == server.url + "/issuer"


def test_the_demo_runs_by_itself():
    outcome = run("demo")
    assert outcome.status == 0, outcome.out + outcome.err
    assert "jwt-bearer" in outcome.out


def test_the_version_is_told():
    assert run("--version").out.startswith("assay ")


