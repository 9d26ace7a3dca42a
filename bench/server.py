"""A server under measurement: pinned to its core, started, read and stopped."""

import json
import pathlib
import re
import select
import subprocess
import time

import machine

READY = re.compile(rb"ready (?:https?://127\.0\.0\.1:)?(\d+)")
READY_SECONDS_MAX = 20
STOP_SECONDS_MAX = 20


class Server:
    """Use as a context: leaving it stops the process."""

    wire = {}  # how `load` talks to it

    def __init__(self, command, cores, log):
        self._log = pathlib.Path(log)
        with self._log.open("ab") as log_file:
            cores.pin_children_to(cores.server)
            try:
                began = time.monotonic()
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                                 stdout=subprocess.PIPE, stderr=log_file)
            finally:
                cores.unpin()
        try:
            self.port = self._await_ready(began + READY_SECONDS_MAX)
        except BaseException:
            self.stop()
            raise
        self.start_ms = (time.monotonic() - began) * 1000

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def cpu_seconds(self):
        return machine.cpu_seconds(self._process.pid)

    def resident_mib(self):
        return machine.resident_mib(self._process.pid)

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _await_ready(self, deadline):
        received = b""
        output = self._process.stdout
        while time.monotonic() < deadline:
            if not select.select([output], [], [], 0.5)[0]:
                continue
            chunk = output.read1(4096)
            received += chunk
            line = READY.search(received)
            if line and received.endswith(b"\n"):
                return int(line.group(1))
            if not chunk:
                break
        raise SystemExit(f"bench: {self._process.args} did not become ready\n"
                         f"{received.decode(errors='replace')}"
                         f"{self._log.read_text(errors='replace')}")


class Assay:
    """An installation of its own: a data folder, a config file, its applications."""

    def __init__(self, binary, folder, tokens, token_service="{}", settings="", listen="",
                 purge_every="60s"):
        self._binary = str(binary)
        self._folder = pathlib.Path(folder)
        self._data = self._folder / "data"
        self._config = self._folder / "assay.yaml"
        self._folder.mkdir(parents=True)
        self._listen = listen
        # Everything that is not here is as an operator gets it: replay check, audit, monitoring.
        self._config.write_text(f"listen: {{address: 127.0.0.1, port: 0, threads: 1, {listen}}}\n"
                                "manager: {address: 127.0.0.1, port: 0}\n"
                                f'stores: {{tokens: "{tokens}", purge_every: {purge_every}}}\n'
                                f"token_services: [{token_service}]\n{settings}")

    def create_application(self, client_id, *options):
        """Gives its secret, if one is among the options."""
        created = self._run("app", "create", "--data", self._data, "--config", self._config,
                            "--id", client_id, "--name", client_id, "--default-scope", "read",
                            "--json", *options)
        return json.loads(created).get("client_secret")

    def start(self, cores):
        server = Server([self._binary, "serve", "--config", str(self._config),
                         "--data", str(self._data)], cores, self._folder / "log")
        server.wire = {"tls": True} if "tls:" in self._listen else {}
        return server

    def has_purged(self, count):
        """Whether it says so, in its log of level `debug`: of all the used assertions."""
        return f"and {count} used assertions" in (self._folder / "log").read_text()

    def audit_lines(self, members):
        """How many lines have all of these."""
        with (self._data / "audit.jsonl").open("rb") as audit:
            return sum(members.items() <= json.loads(line).items() for line in audit)

    def _run(self, *arguments):
        command = [self._binary, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise SystemExit(f"bench: {' '.join(command)} failed\n{done.stdout}{done.stderr}")
        return done.stdout
