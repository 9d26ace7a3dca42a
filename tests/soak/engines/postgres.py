"""A PostgreSQL alone, on a small disk, with a clock that can jump; and a pgbouncer for it."""

import os
import pathlib
import pwd
import signal

import process
from engines.clock import Clock
from engines.small_disk import SmallDisk
from process import HOST, Daemon, await_true

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
POOLER = "/usr/sbin/pgbouncer"
USER = "postgres"
MEGABYTES = 120

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": 100,
    "shared_buffers": "16MB",
    # The disk is soon full, and not only for what comes in megabytes.
    "min_wal_size": "2MB",
    "max_wal_size": "8MB",
    "wal_recycle": "off",
    "wal_init_zero": "off",
    "log_min_messages": "warning",
}

POOLER_SETTINGS = """\
[databases]
assay = host={host} port={engine} dbname=assay user=assay
[pgbouncer]
listen_addr = {host}
listen_port = {port}
unix_socket_dir =
pool_mode = transaction
auth_type = any
max_client_conn = 200
default_pool_size = 20
server_login_retry = 1
logfile = {folder}/pgbouncer.log
"""


def user():
    return pwd.getpwnam(USER)


def url(ports, **parameters):
    """Of the store of that name; several ports are engines to choose from."""
    hosts = ",".join(f"{HOST}:{port}" for port in ports)
    more = "".join(f"&{name}={value}" for name, value in parameters.items())
    return f"postgresql://assay@{hosts}/assay?schema=assay{more}"


class Postgres:
    def __init__(self, folder):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        self.disk = SmallDisk(folder / "disk", MEGABYTES, user())
        self.clock = Clock(folder)
        self.port, = process.free_ports(1)
        data = self.disk.folder / "data"
        process.run(PROGRAMS / "initdb", "--pgdata", data, "--username", "assay", "--auth", "trust",
                    "--encoding", "UTF8", "--locale", "C.UTF-8", "--wal-segsize", "1", user=USER)
        with open(data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"port = {self.port}\n")
            settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        self.log = folder / "postgres.log"
        self._daemon = Daemon([PROGRAMS / "postgres", "-D", data], self.log, USER,
                              self.clock.environment)
        self.start()
        self.ask("CREATE DATABASE assay", "postgres")

    def start(self):
        """Until it answers. One that was killed may still have children that keep it from that."""
        def answers():
            if self._daemon.has_ended:
                self._daemon.start()
            return self.answers()
        await_true(answers, "PostgreSQL answers", pause=0.3)

    def ask(self, sql, database="assay"):
        return process.run(PROGRAMS / "psql", "-h", HOST, "-p", self.port, "-U", "assay", "-d",
                           database, "-Atqc", sql).strip()

    def answers(self):
        try:
            return self.ask("SELECT 1", "postgres") == "1"
        except AssertionError:
            return False

    @property
    def pid(self):
        return self._daemon.pid

    @property
    def pids(self):
        return process.family_of(self.pid)

    def kill(self):
        return self._daemon.kill()

    def end(self):
        process.go_on(*self.pids)
        self._daemon.end(signal.SIGINT)
        self.disk.end()


class Pooler:
    """A pgbouncer in transaction mode."""

    def __init__(self, folder, engine_port):
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        owner = user()
        self.port, = process.free_ports(1)
        settings = folder / "pgbouncer.ini"
        settings.write_text(POOLER_SETTINGS.format(host=HOST, port=self.port, engine=engine_port,
                                                   folder=folder), encoding="utf-8")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._daemon = Daemon([POOLER, settings], folder / "out.log", USER)
        self.start()

    def start(self):
        self._daemon.start()
        await_true(lambda: process.is_open(self.port), "pgbouncer answers")

    @property
    def pid(self):
        return self._daemon.pid

    def kill(self):
        return self._daemon.kill()

    def end(self):
        self._daemon.end()
