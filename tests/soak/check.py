#!/usr/bin/python3
"""Checks a history of the fault run once more: check.py HISTORY"""

import sys

import checker
from history import read
from run import FAULTS_MIN, report

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(report(checker.judge(read(sys.argv[1]), FAULTS_MIN), sys.argv[1]))
