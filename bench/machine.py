"""What the kernel says: which cores there are, what a process has cost, what the machine is."""

import os
import pathlib
import platform
import time


class Cores:
    """One core for what is measured and one for everything else."""

    def __init__(self):
        available = sorted(os.sched_getaffinity(0))
        if len(available) < 2:
            raise SystemExit("bench: needs two cores: one for the server, one for the load")
        self.server, self.load = available[:2]
        self.all = set(available)

    def pin_children_to(self, core):
        """Children inherit it, so that their first instruction runs where it should."""
        os.sched_setaffinity(0, {core})

    def unpin(self):
        os.sched_setaffinity(0, self.all)


def cpu_seconds(pid):
    """CPU time of all threads of a process, ended ones included, in the scheduler's nanoseconds.

    The clock is the one that clock_getcpuclockid(3) gives; /proc/PID/stat counts in ticks of
    10 ms, and /proc/PID/schedstat leaves out every thread but the first.
    """
    process_clock = (~pid << 3) | 2
    return time.clock_gettime(process_clock)


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no resident memory")


def stolen_seconds(core):
    """Time that the hypervisor gave to others while this core had work."""
    for line in pathlib.Path("/proc/stat").read_text().splitlines():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            return int(ticks[7]) / os.sysconf("SC_CLK_TCK")
    raise RuntimeError(f"no core {core} in /proc/stat")


def description():
    model = next((line.split(":", 1)[1].strip()
                  for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), "unknown")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(),
            "load_before": os.getloadavg()[0]}
