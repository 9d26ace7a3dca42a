"""Processes that tests started, and signals to them by their own pids."""

import os
import pathlib
import pwd
import signal
import socket
import subprocess
import time

HOST = "127.0.0.1"
LONGEST = 60.0  # seconds

STOPPED, ZOMBIE = "T", "Z"


def await_true(condition, what, within=LONGEST, pause=0.02):
    """What `condition` gives once it is true."""
    deadline = time.monotonic() + within
    while True:
        outcome = condition()
        if outcome:
            return outcome
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(pause)


def state_of(pid):
    """As /proc names it; none if it is gone."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rsplit(") ", 1)[1][0]


def is_gone(pid):
    return state_of(pid) in (None, ZOMBIE)


def children_of(pid):
    return [int(each) for file in pathlib.Path(f"/proc/{pid}/task").glob("*/children")
            for each in file.read_text(encoding="utf-8").split()]


def family_of(pid):
    """It and all that descend from it."""
    return [pid, *(each for child in children_of(pid) for each in family_of(child))]


def send(number, *pids):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def kill(*pids):
    """At once; gives what shows that they are gone."""
    send(signal.SIGKILL, *pids)
    await_true(lambda: all(map(is_gone, pids)), f"{pids} are gone")
    return f"pid {pids[0]} is gone"


def stop(*pids):
    send(signal.SIGSTOP, *pids)
    await_true(lambda: all(state_of(pid) in (STOPPED, ZOMBIE, None) for pid in pids),
               f"{pids} are stopped")
    return f"pid {pids[0]} is in state {state_of(pids[0])}"


def go_on(*pids):
    send(signal.SIGCONT, *pids)


def as_user(name):
    """The words that run a command as that user, if this is root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam(name)
    return ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]


def run(*command, user=None, cwd="/", **options):
    words = [*(as_user(user) if user else []), *map(str, command)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST, cwd=cwd,
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


class Daemon:
    """A program in the foreground of its own session, with a log."""

    def __init__(self, command, log, user=None, environment=None):
        # The variables are for the program alone: what is preloaded would run in setpriv, as root.
        variables = [f"{name}={value}" for name, value in (environment or {}).items()]
        self._command = [*(as_user(user) if user else []), "env", *variables, *map(str, command)]
        self._log = log
        self._process = None

    def start(self):
        with open(self._log, "a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                start_new_session=True)
        return self

    @property
    def pid(self):
        return self._process.pid

    @property
    def has_ended(self):
        return self._process is None or self._process.poll() is not None

    def kill(self):
        confirmed = kill(self.pid)
        self._process.wait(LONGEST)
        return confirmed

    def end(self, number=signal.SIGTERM):
        """In order; by force if it takes too long."""
        if self.has_ended:
            return
        send(signal.SIGCONT, self.pid)
        send(number, self.pid)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


def free_ports(count):
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def is_open(port):
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
