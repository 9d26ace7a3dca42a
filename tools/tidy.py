#!/usr/bin/python3
"""Checks what no compiler does: the layers, the banned calls, the tests, the documents.

With --draw it prints the drawing of the layers instead.
"""

import pathlib
import sys

from checks import documents, layers, sources, tests
from checks.tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHECKS = [
    layers.check_includes,
    layers.check_third_parties,
    layers.check_own_header_first,
    layers.check_all_are_built,
    sources.check_length,
    sources.check_banned_calls,
    sources.check_clock,
    sources.check_using_namespace,
    sources.check_marks,
    sources.check_defaults,
    tests.check_each_has_a_test,
    tests.check_tests_are_built,
    documents.check_named_paths,
    documents.check_drawing,
    documents.check_reasons,
    documents.check_settings,
]


def main(arguments):
    tree = Tree(ROOT)
    if arguments == ["--draw"]:
        print(layers.drawing(tree), end="")
        return 0
    faults = sorted(fault for check in CHECKS for fault in check(tree))
    for fault in faults:
        print(fault)
    print(f"tidy: {len(faults)} faults" if faults else "tidy: all is well", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
