#!/usr/bin/python3
"""Measures what a request costs the server, in units that are measured in the same round.

See bench/README.md for what each figure means and what it does not.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

import engines
import figures
import jobs
import machine
import prepared
from programs import Programs
from server import Assay, Server
from tls import Identity, Nginx

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEAD = ("--life", "3600", "--ago", "7200", "--claims")
PURGED = ("sqlite", "postgresql")  # a Redis forgets by itself
PURGE_SECONDS_MAX = 120
WARM_UP = 500      # requests: connections, pages, caches and the parsed key are there afterwards
SETUP_ALGORITHM = "EdDSA"  # the fastest to sign, where the job is not about signatures
K_PASSES = 3       # the bare server answers soon; more requests make its figure steadier
SETTLE_SECONDS = 0.3
HANDSHAKES = 2000


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=pathlib.Path,
                        default=os.environ.get("ASSAY_BINARY", ROOT / "build/bench/assay"))
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/bench/bench",
                        help="the folder of raw_epoll, verify, sign and load")
    parser.add_argument("--jobs", nargs="+", default=list(jobs.ALL), choices=list(jobs.ALL))
    parser.add_argument("--algorithms", nargs="+", default=["RS256", "ES256", "EdDSA"],
                        choices=["RS256", "ES256", "EdDSA"],
                        help="of the jobs that check a signature")
    parser.add_argument("--stores", nargs="+", default=list(engines.FILES), choices=engines.NAMES,
                        help="where the tokens are; PostgreSQL and Redis only when asked for")
    parser.add_argument("--live-tokens", type=int, default=0, metavar="COUNT",
                        help="measure each store (but memory) once more with so many in it")
    parser.add_argument("--dead-tokens", type=int, default=0, metavar="COUNT",
                        help="measure SQLite and PostgreSQL once more while so many are purged")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=20_000, help="requests of a measurement")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--quick", action="store_true",
                        help="one round of 3000 requests, RS256 alone: to see that all works")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.rounds, chosen.count, chosen.starts = 1, 3000, 3
        chosen.algorithms = ["RS256"]
    return chosen


class Bench:
    def __init__(self, chosen, folder, stores):
        self._chosen = chosen
        self._stores = stores
        self._folder = pathlib.Path(folder)
        self._cores = machine.Cores()
        self._programs = Programs(chosen.programs, self._cores)
        self._bodies = self._folder / "bodies"
        self._key = self._folder / "key.jwk"
        self._proofs = self._folder / "proofs"
        self._requests = self._folder / "requests"
        self._identity = Identity(self._folder)

    def rounds(self):
        """All cases in turn in each round, so that a neighbour's burst meets all of them alike."""
        return [sample
                for number in range(self._chosen.rounds)
                for name in self._chosen.jobs
                for algorithm in self._algorithms(jobs.ALL[name])
                for sample in self._round(number, name, algorithm)]

    def starts(self):
        """A start of an installation that has run before, several times."""
        self._programs.sign("grant", SETUP_ALGORITHM, 1, self._key, self._bodies)
        return {store: self._starts_with(store) for store in self._chosen.stores
                if store in engines.FILES}

    def handshakes(self):
        """What one costs Assay and nginx, in each round one after the other."""
        return [self._handshakes(number) for number in range(self._chosen.rounds)]

    def _handshakes(self, number):
        say(f"round {number + 1} of {self._chosen.rounds}, handshakes")
        folder = self._folder / "handshakes"
        assay = Assay(self._chosen.server, folder / "assay", "memory:",
                      listen=self._identity.settings)
        starts = [("assay", lambda: assay.start(self._cores)),
                  ("nginx", lambda: Nginx(folder / "nginx", self._identity, self._cores))]
        costs = {}
        for name, start in starts[::-1] if number % 2 else starts:
            with start() as server:
                self._programs.handshakes(server.port, HANDSHAKES // 10)
                cpu = server.cpu_seconds()
                self._programs.handshakes(server.port, HANDSHAKES)
                costs[name] = (server.cpu_seconds() - cpu) * 1e6 / HANDSHAKES
        shutil.rmtree(folder)
        say(f"  assay {costs['assay']:.0f} us, nginx {costs['nginx']:.0f} us")
        return costs

    def _algorithms(self, job):
        if not job.checks_signature:
            return [""]
        return [name for name in self._chosen.algorithms if name in job.algorithms]

    def _round(self, number, name, algorithm):
        say(f"round {number + 1} of {self._chosen.rounds}, {name} {algorithm}".rstrip())
        job = jobs.ALL[name]
        self._programs.sign(job.signed_as, algorithm or SETUP_ALGORITHM,
                            WARM_UP + self._chosen.count, self._key, self._bodies)
        if job.proof_keys:
            self._programs.prove(job.proof_keys, WARM_UP + self._chosen.count, self._proofs)
        units = self._programs.verify() if job.checks_signature or job.signature_work else {}
        v_us = sum((units[unit] for unit in job.signature_work), units.get(algorithm, 0.0))
        k_before = self._unit_k()
        # The second to run finds a machine that the first has warmed: take turns.
        stores = self._stores_and_filled()
        samples = [self._measure_assay(job, *store)
                   for store in (stores[::-1] if number % 2 else stores)]
        k_us = (k_before + self._unit_k()) / 2
        if name == "jwt-bearer" and "postgresql" in self._chosen.stores:
            self._add_ceiling(samples)
        for sample in samples:
            sample |= {"round": number, "job": name, "algorithm": algorithm,
                       "v_us": v_us, "k_us": k_us}
            say(f"  {sample['store']}: {sample['cpu_us']:.1f} us = "
                f"{v_us:.1f} + {figures.in_units_of_k(sample):.2f} x {k_us:.2f}")
        return samples

    def _add_ceiling(self, samples):
        """What PostgreSQL takes from a program that does nothing else, with as many in flight."""
        rows = self._programs.bare_postgresql(
            self._stores.postgresql_connection(), count=self._chosen.count,
            batch=self._chosen.connections // 2, depth=2)
        for sample in samples:
            if sample["store"] == "postgresql":
                sample["of_bare_pipeline"] = sample["requests_per_second"] / rows

    def _unit_k(self):
        log = self._folder / "raw_epoll.log"
        prepared.write(self._requests, jobs.token_requests(self._signed_bodies()))
        with Server([self._programs.raw_epoll], self._cores, log) as bare:
            self._warm_up(bare, jobs.HAS_TOKEN)
            measured = [self._measure(bare, jobs.HAS_TOKEN)["cpu_us"] for _ in range(K_PASSES)]
        return sum(measured) / len(measured)

    def _stores_and_filled(self):
        """Each with its URL."""
        stores = [(name, self._stores.url(name)) for name in self._chosen.stores]
        if self._chosen.live_tokens:
            stores += [(name + figures.FILLED, self._stores.filled_url(name))
                       for name in self._chosen.stores if name != "memory"]
        if self._chosen.dead_tokens:
            stores += [(name + figures.PURGING, self._purgeable_url(name))
                       for name in self._chosen.stores if name in PURGED]
        return stores

    def _purgeable_url(self, name):
        """With dead tokens in it, and the assertions that were used for them."""
        url = self._stores.url(name)
        if name == "sqlite":
            file = self._folder / f"purgeable-{time.monotonic_ns()}.db"
            url = f"sqlite:{file}"
        self._programs.fill(url, self._chosen.dead_tokens, *DEAD)
        self._stores.settle(name)
        return url

    def _measure_assay(self, kind, store, url):
        folder = self._folder / store.replace(" ", "-")
        purges = store.endswith(figures.PURGING)
        assay = Assay(self._chosen.server, folder, url, kind.token_service,
                      ("log: {level: debug}\n" if purges else "") + kind.settings,
                      self._identity.settings if kind.tls else "",
                      purge_every="1s" if purges else "60s")
        job = kind(assay, self._key)
        if kind.proof_keys:
            job.proofs = self._proofs.read_text().splitlines()
        with assay.start(self._cores) as server:
            requests = job.requests(self._signed_bodies(), lambda *which: self._ask(server, *which))
            prepared.write(self._requests, requests)
            self._warm_up(server, job.expected)
            mib_before = server.resident_mib()
            if purges and assay.has_purged(self._chosen.dead_tokens):
                raise SystemExit("bench: the purge was over before the measurement")
            sample = self._measure(server, job.expected)
            if purges:
                self._await_purge(assay)
            sample |= {"store": store, "mib_before": mib_before,
                       "mib_after": server.resident_mib()}
            if job.refused:
                self._verify_refusal(server, job, requests)
        # As with refusals: without its audit lines the figure would be of another server.
        self._verify_audit_lines(assay, job.granted, WARM_UP + self._chosen.count)
        self._verify_audit_lines(assay, job.refused, 1)
        shutil.rmtree(folder)
        return sample

    def _await_purge(self, assay):
        """It has to have begun during the measurement: without it the figure is of another server."""
        deadline = time.monotonic() + PURGE_SECONDS_MAX
        while not assay.has_purged(self._chosen.dead_tokens):
            if time.monotonic() > deadline:
                raise SystemExit("bench: nothing was purged")
            time.sleep(0.1)

    def _verify_refusal(self, server, job, requests):
        """A server that grants this skips work that the figure claims to hold."""
        refused = job.refusal(requests, lambda *which: self._ask(server, *which))
        prepared.write(self._requests, [refused])
        if not self._programs.is_refused(server.port, self._requests, job.expected, **server.wire):
            raise SystemExit(f"bench: {type(job).__name__}: granted what must be refused")

    def _verify_audit_lines(self, assay, members, count):
        if members and assay.audit_lines(members) != count:
            raise SystemExit(f"bench: the audit log has not {count} lines with {members}")

    def _signed_bodies(self):
        return self._bodies.read_text().splitlines()

    def _ask(self, server, requests, expected):
        """Not measured: the bodies of the answers, in any order."""
        answers = self._folder / "answers"
        prepared.write(self._requests, requests)
        self._programs.load(server.port, self._requests, expected, answers=answers,
                            connections=self._chosen.connections, **server.wire)
        return [json.loads(line) for line in answers.read_text().splitlines()]

    def _measure(self, server, expected):
        stolen, cpu = machine.stolen_seconds(self._cores.server), server.cpu_seconds()
        result = self._programs.load(server.port, self._requests, expected, first=WARM_UP,
                                     count=self._chosen.count,
                                     connections=self._chosen.connections, **server.wire)
        used = server.cpu_seconds() - cpu
        return result | {
            "cpu_us": used * 1e6 / result["requests"],
            "core_busy": used / result["seconds"],
            "stolen": (machine.stolen_seconds(self._cores.server) - stolen) / result["seconds"],
        }

    def _warm_up(self, server, expected):
        self._programs.load(server.port, self._requests, expected, first=0, count=WARM_UP,
                            connections=self._chosen.connections, **server.wire)

    def _starts_with(self, store):
        folder = self._folder / f"start-{store}"
        assay = Assay(self._chosen.server, folder, self._stores.url(store))
        assay.create_application("bench", "--jwk", self._key)
        assay.start(self._cores).stop()
        measured = [self._one_start(assay) for _ in range(self._chosen.starts)]
        shutil.rmtree(folder)
        return measured

    def _one_start(self, assay):
        with assay.start(self._cores) as server:
            time.sleep(SETTLE_SECONDS)
            return {"start_ms": server.start_ms, "idle_mib": server.resident_mib()}


def say(text):
    print(text, file=sys.stderr, flush=True)


def write_results(results):
    folder = ROOT / "build/bench-results"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{results['date'].replace(':', '')}.json"
    file.write_text(json.dumps(results, indent=2) + "\n")
    return file


def main():
    chosen = options()
    if not chosen.server.is_file():
        raise SystemExit(f"bench: no server at {chosen.server}; build it, or set ASSAY_BINARY")
    results = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
               "machine": machine.description(),
               "connections": chosen.connections, "count": chosen.count}
    # Not in /tmp, which is often memory: the store shall meet a real disk.
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build", prefix="bench-data-") as folder:
        os.chmod(folder, 0o711)  # PostgreSQL runs as a user of its own
        programs = Programs(chosen.programs, machine.Cores())
        with engines.Engines(pathlib.Path(folder) / "engines", machine.Cores(),
                             lambda url: programs.fill(url, chosen.live_tokens)) as stores:
            bench = Bench(chosen, folder, stores)
            starts = bench.starts()
            samples = bench.rounds()
            handshakes = bench.handshakes()
    results |= {"summary": figures.summary(samples), "starts": figures.starts_summary(starts),
                "handshakes": figures.handshakes_summary(handshakes),
                "samples": samples, "start_samples": starts, "handshake_samples": handshakes}
    print(figures.report(results["summary"], results["starts"], results["handshakes"]))
    print(f"\nall figures: {write_results(results)}")


if __name__ == "__main__":
    main()
