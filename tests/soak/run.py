#!/usr/bin/python3
"""The fault run: nodes of Assay on real engines under load, while one thing after the other breaks.

    run.py [minutes] [--seed N] [--scenes NAME,...]

Without minutes each scene runs once. It needs root: for file systems of a fixed size and for
engines that run as users of their own.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "system"), str(HERE.parent / "support")]

import check  # noqa: E402
import checker  # noqa: E402
import scenes  # noqa: E402
from enclosure import run_enclosed  # noqa: E402
from history import History  # noqa: E402
from process import await_true  # noqa: E402
from workload import Workload  # noqa: E402

AT_A_TIME = 2  # scenes: most of the time they wait for engines to come back
RESULTS = HERE.parents[1] / "build/soak"


def main(arguments):
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("soak: needs root")
    run_enclosed(lambda: play_and_judge(options))


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("minutes", type=float, nargs="?", default=0)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--scenes", type=lambda names: names.split(","), default=[])
    return parser.parse_args(arguments)


def play_and_judge(options):
    try:
        return play_until_the_end(options)
    except KeyboardInterrupt:
        os._exit(130)  # threads go on; all that they started ends with this process


def play_until_the_end(options):
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    path = RESULTS / time.strftime("%Y%m%dT%H%M%S.jsonl")
    history = History(path)
    print(f"seed {seed}, history {path}", flush=True)
    cast = [kind for kind in scenes.ALL if not options.scenes or kind.__name__ in options.scenes]
    ends = time.monotonic() + 60 * options.minutes
    for number in range(sys.maxsize):
        play_all(cast, history, f"{seed} {number}")
        if time.monotonic() >= ends:
            break
    history.close()
    return check.report(path, 0 if options.scenes else check.FAULTS_MIN)


def play_all(cast, history, seed):
    """Each scene has its own chance, so that a seed gives the same faults in the same order."""
    stages = concurrent.futures.ThreadPoolExecutor(AT_A_TIME)
    plays = [stages.submit(play, kind, history.scene(), random.Random(f"{seed} {kind.__name__}"))
             for kind in cast]
    for each in plays:
        each.result()


def play(kind, record, chance):
    # The name has to be short: sockets lie there.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="soak-"))
    folder.chmod(0o711)
    began = record.now()
    record.add("scene", began=began, name=kind.name, promise=kind.promise)
    scene = kind(folder)
    try:
        scene.set_up()
        tell(record, f"{kind.name}, set up in {record.now() - began:.0f} s")
        act(scene, record, chance)
        tell(record, f"ends after {record.now() - began:.0f} s")
    except Exception as failure:
        record.add("failure", detail=repr(failure))
        tell(record, f"failed; what it wrote is in {folder}\n{traceback.format_exc()}")
        scene.end()
    else:
        scene.end()
        shutil.rmtree(folder)


def act(scene, record, chance):
    """One fault after the other under load, and the survey."""
    workload = Workload(scene.nodes, scene.application, record, chance.random())
    workload.start()
    try:
        faults = scene.faults()
        chance.shuffle(faults)
        await_grants(record)
        for fault in faults:
            undergo(fault, scene, record)
    finally:
        workload.end()
    workload.survey()


def undergo(fault, scene, record):
    began = record.now()
    confirmed = fault.strike()
    struck = record.now()
    time.sleep(fault.hold)
    fault.mend()
    scene.await_whole()
    ended = record.now()
    record.add("fault", name=fault.name, began=began, struck=struck, ended=ended,
               confirmed=confirmed, fails_over=fault.fails_over,
               wrong_clocks=list(fault.wrong_clocks), stale_reads=fault.stale_reads)
    grants = await_grants(record)
    tell(record, f"{fault.name}: {confirmed}; whole after {ended - began:.1f} s; {grants} grants")


def await_grants(record):
    before = record.granted
    wanted = before + checker.GRANTS_AROUND_A_FAULT + 10
    await_true(lambda: record.granted >= wanted, "grants are answered again")
    return record.granted - before


def tell(record, text):
    print(f"[{record.now():5.0f} s] scene {record.number}: {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
