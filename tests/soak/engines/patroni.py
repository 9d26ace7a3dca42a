"""Two PostgreSQL under Patroni, one of them a synchronous standby, with an etcd."""

import json
import os
import shutil
import signal
import urllib.request

import process
from engines.postgres import PROGRAMS, USER, user
from process import HOST, Daemon, await_true

NAMES = ("one", "two")
KNOWN = "SELECT 1 FROM pg_database WHERE datname = 'assay'"

# Strict: without a standby nothing is committed. What is shortest for a failover that Patroni
# takes.
CLUSTER = {
    "ttl": 20, "loop_wait": 1, "retry_timeout": 3, "master_start_timeout": 0,
    "maximum_lag_on_failover": 1 << 30,
    "synchronous_mode": True, "synchronous_mode_strict": True,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {"max_connections": 100, "shared_buffers": "16MB", "wal_keep_size": "64MB",
                       "max_wal_size": "256MB", "log_min_messages": "warning",
                       "wal_receiver_status_interval": 1, "wal_retrieve_retry_interval": "200ms"},
    },
}


class Member:
    """A Patroni and its PostgreSQL."""

    def __init__(self, name, folder, etcd_port):
        folder.mkdir(parents=True)
        os.chown(folder, user().pw_uid, user().pw_gid)
        self.name = name
        self.data = folder / "data"
        self.port, self.api_port = process.free_ports(2)
        file = folder / "patroni.json"  # JSON is YAML
        file.write_text(json.dumps(self._settings(folder, etcd_port)), encoding="utf-8")
        self._daemon = Daemon(["/usr/bin/patroni", file], folder / "patroni.log", USER)
        self.start()

    def start(self):
        self._daemon.start()

    def kill(self):
        """All of it, as if its machine were gone."""
        return process.kill(*self.pids)

    def wake(self):
        """After a stop: the engine takes itself for the primary until a new Patroni tells it. The old
        one would take the lock away from the new leader (3.0.2, with etcd3)."""
        process.kill(self._daemon.pid)
        process.go_on(*process.family_of(self.engine_pid))
        self.start()

    def _settings(self, folder, etcd_port):
        trust = [f"host all all {HOST}/32 trust", f"host replication all {HOST}/32 trust"]
        api = f"{HOST}:{self.api_port}"
        return {
            "scope": "soak", "name": self.name,
            "restapi": {"listen": api, "connect_address": api},
            "etcd3": {"hosts": [f"{HOST}:{etcd_port}"]},
            "bootstrap": {
                "dcs": CLUSTER,
                "initdb": ["no-sync", {"encoding": "UTF8"}, {"locale": "C.UTF-8"}],
                "pg_hba": trust,
            },
            "postgresql": {
                "listen": f"{HOST}:{self.port}", "connect_address": f"{HOST}:{self.port}",
                "data_dir": str(self.data), "bin_dir": str(PROGRAMS),
                "pgpass": str(folder / "pgpass"), "pg_hba": trust,
                "authentication": {"superuser": {"username": "postgres"},
                                   "replication": {"username": "replicator"},
                                   "rewind": {"username": "postgres"}},
                "parameters": {"unix_socket_directories": str(folder)},
                "basebackup": {"checkpoint": "fast"},
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }

    def cluster(self):
        """What it says of all members; nothing if it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.api_port}/cluster",
                                        timeout=2) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def is_primary(self):
        """As PostgreSQL itself says."""
        try:
            return self.ask("SELECT pg_is_in_recovery()") == "f"
        except AssertionError:
            return False

    def ask(self, sql, database="postgres"):
        return process.run(PROGRAMS / "psql", "-h", HOST, "-p", self.port, "-U", "postgres", "-d",
                           database, "-Atqc", sql,
                           env={**os.environ, "PGCONNECT_TIMEOUT": "2"}).strip()

    @property
    def engine_pid(self):
        """Of PostgreSQL, which is no child of its Patroni."""
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])

    @property
    def pids(self):
        return [*process.family_of(self._daemon.pid), *process.family_of(self.engine_pid)]

    def end(self):
        process.go_on(*self.pids)
        process.kill(*self.pids)


class Patroni:
    def __init__(self, folder):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        self._etcd = self._start_etcd(folder / "etcd")
        self.members = [Member(name, folder / name, self._etcd_port) for name in NAMES]
        self.await_whole()
        self.primary().ask("CREATE ROLE assay LOGIN")
        self.primary().ask("CREATE DATABASE assay OWNER assay")
        # A client takes the next host if one is a standby, not if one has no such database.
        await_true(lambda: all(member.ask(KNOWN) == "1" for member in self.members),
                   "both know the database")

    def _start_etcd(self, folder):
        self._etcd_port, peers = process.free_ports(2)
        client, peer = f"http://{HOST}:{self._etcd_port}", f"http://{HOST}:{peers}"
        folder.mkdir()
        folder.chmod(0o700)
        shutil.chown(folder, USER, USER)
        etcd = Daemon(["etcd", "--name", "soak", "--data-dir", folder / "data",
                       "--listen-client-urls", client, "--advertise-client-urls", client,
                       "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                       "--initial-cluster", f"soak={peer}", "--unsafe-no-fsync",
                       "--logger", "zap", "--log-level", "warn"],
                      folder.parent / "etcd.log", USER).start()
        await_true(lambda: process.is_open(self._etcd_port), "etcd answers")
        return etcd

    @property
    def ports(self):
        return [member.port for member in self.members]

    def primary(self):
        return next(member for member in self.members if member.is_primary())

    def other_than(self, member):
        return next(each for each in self.members if each is not member)

    def await_primary(self, member):
        await_true(member.is_primary, f"{member.name} is promoted", pause=0.2)
        return f"pg_is_in_recovery() of {member.name} is false"

    def await_whole(self):
        """A primary, and a standby without which it commits nothing."""
        await_true(self._is_whole, "a primary and its synchronous standby", pause=0.5, within=120)

    def _is_whole(self):
        primaries = [member for member in self.members if member.is_primary()]
        if len(primaries) != 1:
            return False
        confirms = primaries[0].ask("SELECT count(*) FROM pg_stat_replication "
                                    "WHERE sync_state = 'sync' AND state = 'streaming'")
        # Patroni promotes none of which it has not written this down.
        roles = [each["role"] for each in primaries[0].cluster().get("members", [])]
        return confirms == "1" and sorted(roles) == ["leader", "sync_standby"]

    def switch_over(self):
        old = self.primary()
        new = self.other_than(old)
        body = json.dumps({"leader": old.name, "candidate": new.name}).encode()
        request = urllib.request.Request(f"http://{HOST}:{old.api_port}/switchover", body,
                                         {"Content-Type": "application/json"}, method="POST")
        urllib.request.urlopen(request, timeout=60).close()
        return self.await_primary(new)

    def end(self):
        for member in self.members:
            member.end()
        self._etcd.end(signal.SIGKILL)
