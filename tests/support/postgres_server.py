#!/usr/bin/python3
"""A private PostgreSQL with a pgbouncer in front, for tests.

    start FOLDER, stop FOLDER      makes it there, and removes it
    halt FOLDER, resume FOLDER     the engine alone, which keeps what it has

Both listen on sockets in the folder alone, at ports 5432 and 6432; the database is `assay`, the
user `assay`. Nothing of it outlives a crash of the machine: it writes without syncing.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import time

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
POOLER = "/usr/sbin/pgbouncer"
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
    owner = unprivileged_owner()
    if owner:
        shutil.chown(folder, owner)
    run(owner, PROGRAMS / "initdb", "--pgdata", folder / "data", "--username", "assay",
        "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    with open(folder / "data/postgresql.conf", "a", encoding="utf-8") as settings:
        settings.write(f"unix_socket_directories = '{folder}'\n")
        settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    resume(folder)
    run(owner, PROGRAMS / "createdb", "--host", folder, "--username", "assay", "assay")
    (folder / "pgbouncer.ini").write_text(POOLER_SETTINGS.format(folder=folder), encoding="utf-8")
    run(owner, POOLER, "--quiet", "--daemon", folder / "pgbouncer.ini")
    await_true(lambda: (folder / ".s.PGSQL.6432").exists())


def resume(folder):
    run(unprivileged_owner(), PROGRAMS / "pg_ctl", "--pgdata", folder / "data",
        "--log", folder / "server.log", "--wait", "--timeout", WAIT, "start")


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
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split()[0])
        os.kill(pid, signal.SIGINT)
        await_true(lambda: not is_alive(pid))
    except ProcessLookupError:
        pass


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def await_true(condition):
    deadline = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > deadline:
            sys.exit("waited in vain")
        time.sleep(0.02)


def unprivileged_owner():
    """Whom the servers run as: neither runs as root. None if this is not root."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


def run(owner, *command):
    words = [str(word) for word in command]
    if owner:
        words = ["setpriv", "--reuid", owner, "--regid", owner, "--clear-groups", *words]
    done = subprocess.run(words, capture_output=True, text=True, timeout=2 * WAIT, cwd="/",
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{words[0]}: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(sys.argv[1:])
