#!/usr/bin/python3
"""Checks a history of the fault run once more: check.py HISTORY"""

import collections
import sys

import checker
from history import read

FAULTS_MIN = 20
SHOWN = 15  # findings, before they are counted


def report(path, faults_min):
    """Prints what the history comes to; gives the exit status."""
    verdict = checker.judge(read(path), faults_min)
    for what, findings in (("loss that the store allows", verdict.losses),
                           ("VIOLATION", verdict.violations)):
        for finding in findings[:SHOWN]:
            print(f"{what}: {finding}")
        counted = collections.Counter((finding.scene, finding.kind) for finding in findings)
        for (scene, kind), count in sorted(counted.items()):
            print(f"{what}: scene {scene}: {count} x {kind}")
    print(f"{len(verdict.faults)} faults, {verdict.granted} grants answered, "
          f"{len(verdict.losses)} losses that the stores allow, "
          f"{len(verdict.violations)} violations; again: ./dev soak check {path}", flush=True)
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(report(sys.argv[1], FAULTS_MIN))
