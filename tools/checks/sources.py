"""What may not stand in a file of ours, whatever its layer."""

import re

from checks.tree import Fault

LINES_MAX = 400

# Pattern, and what is wrong with it.
BANNED = [
    (r"\bs?rand\s*\(", "{} is no source of chance: crypto/random.h"),
    (r"\bv?sprintf\s*\(", "{} has no bounds: fmt::format"),
    (r"\b(strto(l|ll|ul|ull|f|d|ld|imax|umax)|ato[filq]l?)\s*\(",
     "{} reads as the locale says and hides what is left over: std::from_chars"),
    (r"\bstd::sto(i|l|ll|ul|ull|f|d|ld)\b",
     "{} throws, and reads as the locale says: std::from_chars"),
    (r"\bstd::regex\b", "{} can take exponential time on hostile input"),
    (r"\bmemcmp\s*\(", "{} takes longer the more is right: compare secrets in constant time"),
    (r"\b\w*digest(\(\))?\s*[=!]=(?!=)|[=!]=\s*[\w.>-]*digest\b",
     "{} takes longer the more is right: compare digests in constant time"),
]


def check_length(tree):
    for file in tree.all_code:
        if len(file.lines) > LINES_MAX:
            yield Fault(str(file.path), LINES_MAX + 1,
                        f"{len(file.lines)} lines; a file has up to {LINES_MAX}")


def check_banned_calls(tree):
    for file in tree.sources:
        for pattern, text in BANNED:
            yield from file.faults(pattern, text)


def check_clock(tree):
    """Time is an argument, so that a test can run a year in a second."""
    for file in tree.sources:
        if str(file.path) != "src/base/clock.cc":
            yield from file.faults(r"\bsystem_clock::now\b", "{} belongs in base/clock.cc alone")


def check_using_namespace(tree):
    for file in tree.sources:
        yield from file.faults(r"\busing\s+namespace\s+(?![\w:]*literals\b)[\w:]+",
                               "{} is for tests alone")


def check_marks(tree):
    """What is left to do is done, or written down under the known limits."""
    for file in tree.all_code:
        yield from file.faults(r"\b(TODO|FIXME|XXX|HACK)\b", "{} in a comment", file.comments)


def check_defaults(tree):
    """A `default:` over an enum of ours keeps the compiler from naming what is missing."""
    ours = {name for file in tree.sources
            for name in re.findall(r"\benum\s+class\s+(\w+)", file.code)}
    for file in tree.sources:
        last_enum = {}  # by the indentation of the labels, which tells nested switches apart
        for number, indentation, label in _labels(file):
            if label != "default":
                last_enum[indentation] = label
            elif last_enum.get(indentation) in ours:
                yield Fault(str(file.path), number,
                            f"`default:` in a switch over {last_enum[indentation]}")


def _labels(file):
    """Line, indentation, and the enum that a `case` names (or nothing) or `default`."""
    pattern = re.compile(r"(\s*)(?:(default)\s*:|case\b\s*(?:(?:\w+::)*?(\w+)::\w+\s*:(?!:))?)")
    for number, line in enumerate(file.code.splitlines(), 1):
        match = pattern.match(line)
        if match:
            yield number, len(match.group(1)), match.group(2) or match.group(3)
