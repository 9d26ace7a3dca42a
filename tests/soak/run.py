#!/usr/bin/python3
"""The fault run: nodes of Assay on real engines, under load, while one thing after the other breaks.

    run.py [minutes] [--seed N] [--scenes NAME,...]

Without minutes each scene runs once. It needs root: for file systems of a fixed size and for
engines that run as users of their own.
"""

import argparse
import collections
import ctypes
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))

import checker  # noqa: E402
import scenes  # noqa: E402
from engines.process import await_true  # noqa: E402
from history import History, read  # noqa: E402
from workload import Workload  # noqa: E402

FAULTS_MIN = 20
SHOWN = 15  # findings, before they are counted
RESULTS = HERE.parents[1] / "build/soak"
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 0x4000, 0x40000


def main(arguments):
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("soak: needs root")
    keep_mounts_private()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)
    path = RESULTS / time.strftime("%Y%m%dT%H%M%S.jsonl")
    history = History(path)
    print(f"seed {seed}, history {path}", flush=True)
    play_all(history, chosen(options.scenes), chance, options.minutes)
    history.close()
    return report(checker.judge(read(path), FAULTS_MIN if not options.scenes else 0), path)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("minutes", type=float, nargs="?", default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--scenes", default="")
    return parser.parse_args(arguments)


def chosen(names):
    if not names:
        return scenes.ALL
    return [each for each in scenes.ALL if each.__name__ in names.split(",")]


def keep_mounts_private():
    """In a mount namespace of this process: what it mounts ends with it, however it ends. The
    shared memory as well, in which processes that are killed leave things."""
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.unshare(CLONE_NEWNS) != 0
            or libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) != 0):
        sys.exit(f"soak: no mount namespace: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "assay-soak", "/dev/shm"], check=True)


def play_all(history, cast, chance, minutes):
    ends = time.monotonic() + 60 * minutes
    while True:
        for scene in chance.sample(cast, len(cast)):
            play(scene, history, chance)
        if time.monotonic() >= ends:
            return


def play(kind, history, chance):
    # The name has to be short: sockets lie there.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-"))
    folder.chmod(0o711)
    began = time.monotonic()
    history.begin_scene(name=kind.name, promise=kind.promise)
    scene = None
    try:
        scene = kind(folder)
        workload = Workload(scene.nodes, scene.application, history, chance.random())
        print(f"scene {history.scene}: {kind.name} ({time.monotonic() - began:.0f} s)", flush=True)
        workload.start()
        try:
            faults = scene.faults()
            chance.shuffle(faults)
            await_grants(history)
            for fault in faults:
                undergo(fault, scene, history)
        finally:
            workload.end()
        workload.survey()
    except BaseException:
        print(f"what the nodes wrote: {folder}", flush=True)
        raise
    finally:
        if scene:
            scene.end()
    shutil.rmtree(folder)


def undergo(fault, scene, history):
    began = history.now()
    confirmed = fault.strike()
    struck = history.now()
    time.sleep(fault.hold)
    fault.mend()
    scene.await_whole()
    ended = history.now()
    history.add("fault", name=fault.name, began=began, struck=struck, ended=ended,
                confirmed=confirmed, fails_over=fault.fails_over,
                wrong_clocks=list(fault.wrong_clocks))
    grants = await_grants(history)
    print(f"  {fault.name}: {confirmed}; whole again after {ended - began:.1f} s, "
          f"{grants} grants since", flush=True)


def await_grants(history):
    before = history.granted
    wanted = before + checker.GRANTS_AROUND_A_FAULT + 10
    await_true(lambda: history.granted >= wanted, "grants are answered again")
    return history.granted - before


def report(verdict, path):
    for what, findings in (("loss that the store allows", verdict.losses),
                           ("VIOLATION", verdict.violations)):
        for finding in findings[:SHOWN]:
            print(f"{what}: {finding}")
        for (scene, kind), count in sorted(collections.Counter(
                (finding.scene, finding.kind) for finding in findings).items()):
            print(f"{what}: scene {scene}: {count} x {kind}")
    print(f"{len(verdict.faults)} faults, {verdict.granted} grants answered, "
          f"{len(verdict.losses)} losses that the stores allow, "
          f"{len(verdict.violations)} violations; again: ./dev soak check {path}")
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
