"""The tree that the checks look at, and what they say of it."""

import functools
import pathlib
import re
import typing


class Fault(typing.NamedTuple):
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class File:
    """A file of C++; `code` and `comments` have the same lines and columns as `text`."""

    def __init__(self, root, path):
        self.path = path.relative_to(root)
        self.text = path.read_text()
        self.lines = self.text.splitlines()

    @functools.cached_property
    def code(self):
        """Without comments and without what stands in string literals."""
        return _LITERALS.sub(lambda match: _blank(match.group()), self.text)

    @functools.cached_property
    def comments(self):
        """Without all but comments."""
        return _outside_of_comments(self.text)

    @functools.cached_property
    def includes(self):
        """Line number and what is included, with its quotes or angle brackets."""
        found = re.finditer(r'^#include\s+(["<][^">]+[">])', self.text, re.MULTILINE)
        return [(self.line_of(match), match.group(1)) for match in found]

    def faults(self, pattern, text, where=None):
        """A fault for each place in the code, or in `where`, that the pattern matches."""
        found = re.finditer(pattern, self.code if where is None else where, re.MULTILINE)
        return [Fault(str(self.path), self.line_of(match), text.format(match.group()))
                for match in found]

    def line_of(self, match):
        return self.text.count("\n", 0, match.start()) + 1


class Tree:
    def __init__(self, root):
        self.root = root

    @functools.cached_property
    def sources(self):
        """The program's own files."""
        return self._files("src")

    @functools.cached_property
    def all_code(self):
        """The program's files, and those of its tests, fuzz targets and benchmarks."""
        return [file for folder in ("src", "tests", "fuzz", "bench")
                for file in self._files(folder)]

    def exists(self, path):
        return (self.root / path).exists()

    def read(self, path):
        """The text of a file, or nothing."""
        file = self.root / path
        return file.read_text() if file.exists() else ""

    def _files(self, folder):
        paths = (self.root / folder).rglob("*")
        return [File(self.root, path) for path in sorted(paths) if path.suffix in (".cc", ".h")]


_LITERALS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def _outside_of_comments(text):
    kept, end = [], 0
    for match in _LITERALS.finditer(text):
        is_comment = match.group().startswith(("//", "/*"))
        kept.append(_blank(text[end:match.start()]))
        kept.append(match.group() if is_comment else _blank(match.group()))
        end = match.end()
    kept.append(_blank(text[end:]))
    return "".join(kept)
