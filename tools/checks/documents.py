"""What is written about the code is still so."""

import re
import subprocess

from checks import layers
from checks.tree import Fault

ARCHITECTURE = "ARCHITECTURE.md"
SETTINGS = "docs/settings.md"
REASONS = "docs/reasons.md"
PROGRAM = "build/release/assay"
DRAWING_BEGINS = "<!-- drawing: tools/tidy.py --draw -->"
DRAWING_ENDS = "<!-- end of drawing -->"

# Folders whose files ARCHITECTURE.md names by their path, and below which it leaves out `src/`.
FOLDERS = "src|tests|fuzz|bench|tools|docs|cmake|packaging|examples"


def check_named_paths(tree):
    """Each path that ARCHITECTURE.md has between backquotes exists."""
    known = "|".join([FOLDERS, *layers.uses(tree)])
    path = re.compile(rf"`((?:{known})/[\w./-]*|[\w-]+\.(?:md|txt|json))`")
    for number, line in enumerate(tree.read(ARCHITECTURE).splitlines(), 1):
        for match in path.finditer(line):
            if not _stands_for_something(tree, match.group(1)):
                yield Fault(ARCHITECTURE, number, f"{match.group(1)} does not exist")


def check_drawing(tree):
    """The drawing of the layers is the one that USES gives."""
    text = tree.read(ARCHITECTURE)
    if not text:
        return
    begin, end = text.find(DRAWING_BEGINS), text.find(DRAWING_ENDS)
    if begin < 0 or end < begin:
        yield Fault(ARCHITECTURE, 1, f"no drawing between {DRAWING_BEGINS} and {DRAWING_ENDS}")
        return
    drawn = text[begin + len(DRAWING_BEGINS):end].strip().removeprefix("```").removesuffix("```")
    if drawn.strip() != layers.drawing(tree).strip():
        yield Fault(ARCHITECTURE, text.count("\n", 0, begin) + 1,
                    "the drawing is out of date: tools/tidy.py --draw prints the new one")


def check_reasons(tree):
    """Each Reason has its line in the documentation."""
    source = "src/base/refusal.h"
    enum = re.search(r"enum class Reason\s*\{(.*?)\}", tree.read(source), re.DOTALL)
    if not enum:
        return
    documented = set(re.findall(r"`(\w+)`", tree.read(REASONS)))
    first = tree.read(source).count("\n", 0, enum.start(1)) + 1
    for number, line in enumerate(enum.group(1).splitlines(), first):
        for reason in re.findall(r"\w+", line.split("//")[0]):
            if reason not in documented:
                yield Fault(source, number, f"{reason} is not in {REASONS}")


def check_settings(tree):
    """The page of the settings is the one that the program prints, once there is a program."""
    if not tree.exists(PROGRAM):
        return
    printed = subprocess.run([tree.root / PROGRAM, "config", "docs"],
                             capture_output=True, text=True)
    if printed.returncode != 0 or printed.stdout != tree.read(SETTINGS):
        yield Fault(SETTINGS, 1, f"is out of date: `{PROGRAM} config docs` prints the new one")


def _stands_for_something(tree, path):
    """`http/router` stands for router.h and router.cc."""
    plain = path.rstrip("/")
    return any(tree.exists(folder + plain + suffix)
               for folder in ("", "src/") for suffix in ("", ".h", ".cc"))
