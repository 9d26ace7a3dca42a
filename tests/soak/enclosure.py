"""Namespaces of a run's own: what it mounts and starts ends with it, however it ends."""

import ctypes
import os
import signal
import subprocess
import sys

CLONE_NEWNS, CLONE_NEWPID = 0x20000, 0x20000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def run_enclosed(work):
    """Runs `work` there and exits with the status that it gives."""
    _demand(_libc.unshare(CLONE_NEWNS | CLONE_NEWPID), "no namespaces")
    first = os.fork()
    if first:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
    _demand(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), "no signal at the end")
    _mount_own()
    worker = os.fork()
    if worker:
        _reap_until_end_of(worker)
    sys.exit(work())


def _mount_own():
    """The processes of the namespace, and shared memory in which those that are killed leave
    things."""
    _demand(_libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "no mounts")
    for command in ("mount -t proc assay-soak /proc",
                    "mount -t tmpfs -o mode=1777 assay-soak /dev/shm"):
        subprocess.run(command.split(), check=True)


def _reap_until_end_of(worker):
    """The first process of a namespace: with its end the system kills all others there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        pid, status = os.wait()
        if pid == worker:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _demand(outcome, what):
    if outcome != 0:
        sys.exit(f"soak: {what}: {os.strerror(ctypes.get_errno())}")
