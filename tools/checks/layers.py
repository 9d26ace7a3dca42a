"""Who may include whom: src/CMakeLists.txt says it, and the drawing comes from there."""

import fnmatch
import re

from checks.tree import Fault

LISTS = "src/CMakeLists.txt"

# Third parties stay home. The first pattern that fits an include is its rule; in the folders of
# its rule alone may it stand.
HOMES = [
    ("boost/asio/ssl*", ["http/tls*", "stores/redis/*"]),
    ("boost/asio/awaitable.hpp", ["base/task.h"]),
    ("boost/asio*", ["http/*", "stores/*", "observe/*", "server/*", "cli/*",
                     "base/blocking_workers.*", "registry/shared_wait.*"]),
    ("boost/system/*", ["http/*", "stores/*", "observe/*", "server/*", "cli/*"]),
    ("boost/beast/*", ["http/*"]),
    # A parser's memory is chosen where its input comes in.
    ("boost/json/monotonic_resource.hpp", ["base/strict_json.*", "jose/*"]),
    ("boost/json*", ["base/strict_json.*"]),
    ("boost/url*", ["base/url.*"]),
    ("openssl/*", ["crypto/*", "jose/*"]),
    ("sodium*", ["crypto/*", "jose/*"]),
    ("curl/*", ["fetch/*"]),
    ("prometheus/*", ["observe/metrics.*"]),
    ("spdlog/*", ["observe/log.*"]),
    ("yaml-cpp/*", ["server/config*"]),
    ("CLI/*", ["cli/*"]),
    ("sqlite3.h", ["stores/sqlite/*"]),
    ("libpq*", ["stores/postgres/*"]),
    ("hiredis*", ["stores/redis/*"]),
    ("fmt/*", ["*"]),
]
SYSTEM_FOLDERS = {"sys", "netinet", "arpa", "linux"}


def uses(tree):
    """Each layer, in the order of the list, and the layers that it may include."""
    return {name: set(used) | {"base", name} for name, used, _ in _calls(tree)}


def check_includes(tree):
    """A file includes only what its layer USES."""
    allowed = uses(tree)
    for file in tree.sources:
        layer = _layer(file)
        if layer is None:
            continue
        if layer not in allowed:
            yield Fault(str(file.path), 1, f"{layer} is no layer of {LISTS}")
            continue
        for line, included in file.includes:
            other = included.strip('"').split("/")[0]
            if included.startswith('"') and other not in allowed[layer]:
                yield Fault(str(file.path), line,
                            f"{layer} may not include {other} (USES in {LISTS})")


def check_third_parties(tree):
    """A library's headers are included only where it is at home."""
    for file in tree.sources:
        for line, included in file.includes:
            text = _third_party_fault(file.path.relative_to("src"), included)
            if text:
                yield Fault(str(file.path), line, text)


def check_own_header_first(tree):
    """That a header stands alone is proved by the file that includes it before all others."""
    for file in tree.sources:
        own = file.path.with_suffix(".h")
        if file.path.suffix != ".cc" or not tree.exists(own):
            continue
        wanted = f'"{own.relative_to("src")}"'
        if not file.includes or file.includes[0][1] != wanted:
            yield Fault(str(file.path), 1, f"its first include is to be {wanted}")


def check_all_are_built(tree):
    """Each .cc is in the lists, and stands in the list of its own layer."""
    built = {path: name for name, _, files in _calls(tree) for path in files}
    lists = tree.read(LISTS)
    for file in tree.sources:
        path = str(file.path.relative_to("src"))
        if file.path.suffix != ".cc":
            continue
        if path not in built and not re.search(rf"\b{re.escape(path)}\b", lists):
            yield Fault(str(file.path), 1, f"is not in {LISTS}")
        elif path in built and built[path] != _layer(file):
            yield Fault(LISTS, 1, f"{path} is built as a part of {built[path]}")


def drawing(tree):
    """The layers from the top down, each with those below it that it includes."""
    allowed = uses(tree)
    height = {}
    for layer in allowed:
        _measure(layer, allowed, height)
    width = max(map(len, allowed), default=0)
    lines = []
    for layer in sorted(allowed, key=lambda each: (-height[each], each)):
        below = sorted(allowed[layer] - {layer, "base"}, key=lambda each: (-height[each], each))
        lines.append(f"{layer:{width}} -> {', '.join(below)}" if below else layer)
    return "\n".join(lines) + "\n"


def _measure(layer, allowed, height):
    if layer not in height:
        height[layer] = 0  # A circle would be the linker's to report.
        below = [_measure(other, allowed, height)
                 for other in allowed.get(layer, set()) - {layer}]
        height[layer] = 1 + max(below, default=0)
    return height[layer]


def _calls(tree):
    """Name, USES and FILES of each assay_layer()."""
    text = re.sub(r"#[^\n]*", "", tree.read(LISTS))
    for call in re.finditer(r"\bassay_layer\(([^)]*)\)", text):
        name, *words = call.group(1).split()
        keyword, parts = None, {"USES": [], "FILES": []}
        for word in words:
            if word in ("USES", "LINKS", "FILES"):
                keyword = word
            elif keyword in parts:
                parts[keyword].append(word)
        yield name, parts["USES"], parts["FILES"]


def _layer(file):
    """None for what stands above all layers: src/main.cc."""
    return file.path.parts[1] if len(file.path.parts) > 2 else None


def _third_party_fault(path, included):
    if not included.startswith("<"):
        return None
    header = included.strip("<>")
    for pattern, homes in HOMES:
        if fnmatch.fnmatch(header, pattern):
            at_home = any(fnmatch.fnmatch(str(path), home) for home in homes)
            return None if at_home else f"<{header}> stays in {', '.join(homes)}"
    if "/" in header and header.split("/")[0] not in SYSTEM_FOLDERS:
        return f"<{header}> belongs to no library of docs/dependencies.md"
    return None
