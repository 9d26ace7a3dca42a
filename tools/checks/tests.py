"""Each source has a test of its own, or one that is named here."""

import fnmatch

from checks.tree import Fault

# What is tested under another name than its own: sources, and where their test stands.
TESTED_BY = [
    ("src/main.cc", "tests/system"),
    ("src/cli/*", "tests/system"),
    ("src/server/assembly.cc", "tests/system"),
    ("src/server/foundation.cc", "tests/system"),
    ("src/server/lifecycle.cc", "tests/system"),
    ("src/stores/*", "tests/contract"),
]


def check_each_has_a_test(tree):
    for file in tree.sources:
        if file.path.suffix == ".cc" and not any(map(tree.exists, _tests_of(file))):
            yield Fault(str(file.path), 1, f"no test: {_tests_of(file)[0]}")


def check_tests_are_built(tree):
    lists = tree.read("tests/CMakeLists.txt")
    for file in tree.all_code:
        if file.path.parts[0] == "tests" and file.path.suffix == ".cc" \
                and str(file.path.relative_to("tests")) not in lists:
            yield Fault(str(file.path), 1, "is not in tests/CMakeLists.txt")


def _tests_of(file):
    """tests/unit/<layer>/<stem>_test.cc, or the same below the layer's own folders."""
    layer, *folders = file.path.parts[1:-1] or ("",)
    test = f"{file.path.stem}_test.cc"
    own = [f"tests/unit/{layer}/{test}", f"tests/unit/{'/'.join([layer, *folders])}/{test}"]
    return own + [place for pattern, place in TESTED_BY if fnmatch.fnmatch(str(file.path), pattern)]
