"""A config and a data folder, and the commands that work on them."""

import dataclasses
import json
import os
import pathlib
import subprocess

BINARY = os.path.abspath(os.environ.get(
    "ASSAY_BINARY", pathlib.Path(__file__).parents[3] / "build/release/assay"))

TOKEN_PATH = "/api/oauth/token"

# The server's own names hold the port that it really took, so that stock clients reach it by them.
ORIGIN = "http://127.0.0.1:${port}"


def clean_environment(**variables):
    """Ours, less what would configure the processes started: every ASSAY_ variable is a setting."""
    inherited = {name: value for name, value in os.environ.items()
                 if not name.startswith("ASSAY_")
                 and name not in ("NOTIFY_SOCKET", "STATE_DIRECTORY")}
    return {**inherited, **variables}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


class Installation:
    def __init__(self, folder, settings=None, binary=BINARY):
        self.binary = binary
        self.folder = folder
        self.data = folder / "data"
        self.config = folder / "assay.yaml"
        self.log = folder / "assay.log"
        self.configure(settings or {})

    def configure(self, settings):
        """Writes the config anew. The settings are merged over those that every test needs."""
        service = {"path": TOKEN_PATH, "audience": [ORIGIN + TOKEN_PATH]}
        services = settings.get("token_services") or [{}]
        merged = {"issuer": ORIGIN, "listen": {"port": 0}, "manager": {"port": 0}}
        for name, value in settings.items():
            merged[name] = {**merged.get(name, {}), **value} if isinstance(value, dict) else value
        merged["token_services"] = [{**service, **each} for each in services]
        self.config.write_text(json.dumps(merged))  # JSON is YAML

    def arguments(self, *command):
        return [self.binary, *command, "--config", str(self.config), "--data", str(self.data)]

    def run(self, *command, stdin="", environment=None):
        """Runs one of the commands that work on a config and a data folder."""
        return run(*self.arguments(*map(str, command))[1:], stdin=stdin, environment=environment,
                   binary=self.binary)

    def register(self, client_id, *options):
        """Registers an application and gives its record as `app create --json` prints it."""
        outcome = self.run("app", "create", "--id", client_id, "--json", *options)
        assert outcome.status == 0, outcome.err
        return outcome.json

    def file(self, name, text):
        """A file for an option that takes one."""
        path = self.folder / name
        path.write_text(text)
        return path

    def audit_lines(self):
        """All whole lines of the audit log so far."""
        log = self.data / "audit.jsonl"
        text = log.read_text() if log.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True)
                if line.endswith("\n")]


def run(*command, stdin="", environment=None, binary=BINARY):
    """Runs the binary with just these arguments."""
    done = subprocess.run([binary, *map(str, command)], input=stdin, capture_output=True,
                          text=True, timeout=60, env=clean_environment(**(environment or {})))
    return Outcome(done.returncode, done.stdout, done.stderr)
