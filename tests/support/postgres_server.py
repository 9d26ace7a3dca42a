#!/usr/bin/python3
"""A private PostgreSQL with a pgbouncer in front, for tests.

    start FOLDER, stop FOLDER      makes it there, and removes it
    halt FOLDER, resume FOLDER     the engine alone, which keeps what it has

Both listen on sockets in the folder alone, at ports 5432 and 6432; the database is `assay`, the
user `assay`. Nothing of it outlives a crash of the machine: it writes without syncing.
"""

import os
import pathlib
import shutil
import signal
import sys

from process import await_true, is_gone, run, send

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
POOLER = "/usr/sbin/pgbouncer"
USER = "postgres"  # neither of the two runs as root
WAIT = 30  # seconds

SETTINGS = {
    "listen_addresses": "",
    "max_connections": 300,
    "fsync": "off",
    "full_page_writes": "off",
    "deadlock_timeout": "100ms",
    # Whose commits are to be confirmed by a standby waits for ever: there is none.
    "synchronous_standby_names": "nobody",
    "synchronous_commit": "local",
    "log_min_messages": "warning",
}

POOLER_SETTINGS = """\
[databases]
assay = host={folder} port=5432 dbname=assay user=assay
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
unix_socket_mode = 0777
pool_mode = transaction
auth_type = any
max_client_conn = 1000
default_pool_size = 20
server_login_retry = 1
pidfile = {folder}/pgbouncer.pid
logfile = {folder}/pgbouncer.log
"""


def main(arguments):
    verbs = {"start": start, "stop": stop, "halt": halt, "resume": resume}
    if len(arguments) != 2 or arguments[0] not in verbs:
        sys.exit(__doc__)
    verbs[arguments[0]](pathlib.Path(arguments[1]))


def start(folder):
    stop(folder)  # what a run that was killed left
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    run(PROGRAMS / "initdb", "--pgdata", folder / "data", "--username", "assay",
        "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        user=USER)
    with open(folder / "data/postgresql.conf", "a", encoding="utf-8") as settings:
        settings.write(f"unix_socket_directories = '{folder}'\n")
        settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    resume(folder)
    run(PROGRAMS / "createdb", "--host", folder, "--username", "assay", "assay", user=USER)
    (folder / "pgbouncer.ini").write_text(POOLER_SETTINGS.format(folder=folder), encoding="utf-8")
    run(POOLER, "--quiet", "--daemon", folder / "pgbouncer.ini", user=USER)
    await_true(lambda: (folder / ".s.PGSQL.6432").exists(), "pgbouncer listens")


def resume(folder):
    run(PROGRAMS / "pg_ctl", "--pgdata", folder / "data", "--log", folder / "server.log", "--wait",
        "--timeout", WAIT, "start", user=USER)


def halt(folder):
    end(folder / "data/postmaster.pid")


def stop(folder):
    end(folder / "pgbouncer.pid")
    halt(folder)
    shutil.rmtree(folder, ignore_errors=True)


def end(pid_file):
    """By its pid: SIGINT has both close all connections and end."""
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text(encoding="utf-8").split()[0])
    send(signal.SIGINT, pid)
    await_true(lambda: is_gone(pid), f"pid {pid} is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
