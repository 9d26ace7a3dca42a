#!/usr/bin/python3
"""clang-tidy over the sources that a compilation database lists, as many at a time as there are
cores. What passed once is not looked at again until it, a header of it, or the rules change.

Usage: clang_tidy_cached.py BUILD_FOLDER SOURCE_FOLDER...
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSED = ROOT / "build/tidy-cache"
CLANG_TIDY = "clang-tidy-19"


def main(build, folders):
    rules = rules_digest()
    PASSED.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        checks = [pool.submit(check, entry, build, rules) for entry in entries(build, folders)]
        outcomes = [finished.result() for finished in concurrent.futures.as_completed(checks)]
    known, fine = outcomes.count("known"), outcomes.count("fine")
    print(f"{len(outcomes)} files: {known} passed before, {fine} pass now, "
          f"{outcomes.count('faulty')} have faults")
    return 0 if outcomes and known + fine == len(outcomes) else 1


def entries(build, folders):
    """A file that is compiled for several targets needs one look only."""
    wanted = [ROOT / folder for folder in folders]
    database = json.loads((build / "compile_commands.json").read_text())
    by_file = {pathlib.Path(entry["file"]): entry for entry in database}
    return [entry for path, entry in sorted(by_file.items())
            if any(folder in path.parents for folder in wanted)]


def check(entry, build, rules):
    passed = PASSED / digest(rules, preprocessed(entry))
    if passed.exists():
        return "known"
    verdict = subprocess.run([CLANG_TIDY, "-p", build, "--quiet", entry["file"]],
                             capture_output=True, text=True)
    if verdict.returncode == 0 or is_about_others(verdict.stdout):
        passed.touch()
        return "fine"
    print(verdict.stdout, end="", flush=True)
    return "faulty"


def is_about_others(report):
    """The analyzer follows our coroutines into Asio, and takes the frames that the compiler
    makes there for memory that nobody has initialised."""
    errors = re.findall(r"^(\S+?):\d+:\d+: error: .*\[([\w.-]+)", report, re.MULTILINE)
    return bool(errors) and all(check.startswith("clang-analyzer-")
                                and ROOT not in pathlib.Path(path).parents
                                for path, check in errors)


def preprocessed(entry):
    """What the compiler sees, with the comments, in which NOLINT may stand, and without the line
    markers, which name the place of each header on this machine."""
    command = shlex.split(entry["command"])
    command[command.index("-o"):] = ["-E", "-C", entry["file"]]
    text = subprocess.run(command, cwd=entry["directory"], capture_output=True).stdout
    return b"\n".join(line for line in text.split(b"\n") if not line.startswith(b"# "))


def rules_digest():
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
    return digest((ROOT / ".clang-tidy").read_bytes(), version)


def digest(*parts):
    return hashlib.sha256(b"\0".join(
        part if isinstance(part, bytes) else part.encode() for part in parts)).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
