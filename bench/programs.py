"""The bench's own programs, each one call."""

import json
import pathlib
import subprocess

SIGN_SECONDS_MAX = 280
FILL_SECONDS_MAX = 1800


class Programs:
    def __init__(self, folder, cores):
        self._folder = pathlib.Path(folder)
        self._cores = cores
        for name in ("raw_epoll", "verify", "sign", "prove", "load", "handshake", "fill",
                     "bare_postgresql"):
            if not (self._folder / name).is_file():
                raise SystemExit(f"bench: no {self._folder / name}; build with ASSAY_BENCH=ON")

    @property
    def raw_epoll(self):
        return self._folder / "raw_epoll"

    def sign(self, use, algorithm, count, key, bodies):
        """A new key and `count` distinct assertions by it; on all cores, as nothing is measured."""
        self._run(["sign", "--use", use, "--algorithm", algorithm, "--count", str(count),
                   "--key", str(key), "--bodies", str(bodies)], SIGN_SECONDS_MAX)

    def prove(self, keys, count, proofs):
        """`count` distinct DPoP proofs, by one key or each by its own; on all cores."""
        self._run(["prove", "--keys", keys, "--count", str(count), "--proofs", str(proofs)],
                  SIGN_SECONDS_MAX)

    def verify(self):
        """Unit V of each algorithm, and S, in microseconds, on the server's core."""
        self._cores.pin_children_to(self._cores.server)
        try:
            result = json.loads(self._run(["verify"], 60))
        finally:
            self._cores.unpin()
        return {algorithm: figures["us"] for algorithm, figures in result.items()}

    def fill(self, url, count, *options):
        """That many tokens in a store: live ones, if the options do not say otherwise."""
        self._run(["fill", "--store", url, "--count", str(count), *options], FILL_SECONDS_MAX)

    def bare_postgresql(self, connection, count, batch, depth):
        """Rows a second that PostgreSQL takes from a program on the server's core."""
        self._cores.pin_children_to(self._cores.server)
        try:
            done = self._run(["bare_postgresql", "--connection", connection, "--count", str(count),
                              "--batch", str(batch), "--depth", str(depth)], 90)
        finally:
            self._cores.unpin()
        return json.loads(done)["rows_per_second"]

    def load(self, port, requests, expect, **options):
        """Sends the requests; ends the bench if a single answer is not as expected."""
        return json.loads(self._run(self._load_command(port, requests, expect, options), 90))

    def handshakes(self, port, count):
        self._run(["taskset", "-c", str(self._cores.load), str(self._folder / "handshake"),
                   "--port", str(port), "--count", str(count)], 90)

    def is_refused(self, port, requests, expect, **options):
        """Whether the server answers, but not as expected."""
        done = subprocess.run(self._load_command(port, requests, expect, options), capture_output=True,
                              text=True, timeout=90, check=False)
        return done.returncode != 0 and "were refused" in done.stderr

    def _load_command(self, port, requests, expect, options):
        command = ["taskset", "-c", str(self._cores.load), str(self._folder / "load"),
                   "--port", str(port), "--requests", str(requests), "--expect", expect]
        for name, value in options.items():
            command += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        return command

    def _run(self, command, seconds_max):
        if command[0] != "taskset":
            command[0] = str(self._folder / command[0])
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds_max,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f"bench: {' '.join(command)} failed\n{done.stdout}{done.stderr}")
        return done.stdout
