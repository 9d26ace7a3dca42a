"""Each check of tidy finds the fault that it is for, and says where."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from checks import documents, layers, sources, tests
from checks.tree import Tree

LISTS = """
# Comments (with brackets) are no calls.
assay_layer(base
  FILES
    base/words.cc)

assay_layer(jose
  USES base crypto
  LINKS PUBLIC OpenSSL::Crypto
  FILES
    jose/key.cc)

assay_layer(crypto
  USES base
  FILES
    crypto/digest.cc)
"""


@pytest.fixture
def faults(tmp_path):
    """What a check says of a tree with these files, next to the lists above."""
    def run(check, files):
        for path, text in {"src/CMakeLists.txt": LISTS, **files}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return [str(fault) for fault in check(Tree(tmp_path))]
    return run


def test_a_layer_includes_what_it_uses_itself_and_base(faults):
    includes = '#include "jose/key.h"\n#include "base/words.h"\n#include "crypto/digest.h"\n'
    assert faults(layers.check_includes, {"src/jose/key.cc": includes}) == []


def test_a_layer_does_not_include_a_higher_one(faults):
    assert faults(layers.check_includes, {"src/crypto/digest.cc": '\n#include "jose/key.h"\n'}) == [
        "src/crypto/digest.cc:2: crypto may not include jose (USES in src/CMakeLists.txt)"]


def test_a_folder_is_a_layer(faults):
    assert faults(layers.check_includes, {"src/odds/ends.h": ""}) == [
        "src/odds/ends.h:1: odds is no layer of src/CMakeLists.txt"]


@pytest.mark.parametrize("path, header", [
    ("src/oauth/assertion.cc", "openssl/evp.h"),
    ("src/oauth/assertion.cc", "boost/json/value.hpp"),
    ("src/oauth/assertion.cc", "boost/asio/steady_timer.hpp"),
    ("src/http/router.cc", "boost/asio/ssl/stream.hpp"),
    ("src/http/router.cc", "boost/asio/awaitable.hpp"),
    ("src/http/router.cc", "sodium.h"),
    ("src/server/assembly.cc", "yaml-cpp/yaml.h"),
    ("src/stores/file/table.cc", "sqlite3.h"),
    ("src/http/router.cc", "nlohmann/json.hpp"),
])
def test_third_parties_stay_home(faults, path, header):
    found = faults(layers.check_third_parties, {path: f"#include <{header}>\n"})
    assert len(found) == 1 and found[0].startswith(f"{path}:1: <{header}>")


@pytest.mark.parametrize("path, header", [
    ("src/crypto/digest.cc", "openssl/evp.h"),
    ("src/base/strict_json.h", "boost/json/value.hpp"),
    ("src/base/task.h", "boost/asio/awaitable.hpp"),
    ("src/http/tls.cc", "boost/asio/ssl/stream.hpp"),
    ("src/stores/sqlite/database.cc", "sqlite3.h"),
    ("src/oauth/scope_policy.cc", "fmt/format.h"),
    ("src/http/socket.cc", "sys/socket.h"),
])
def test_third_parties_are_welcome_at_home(faults, path, header):
    assert faults(layers.check_third_parties, {path: f"#include <{header}>\n"}) == []


def test_a_source_includes_its_own_header_first(faults):
    found = faults(layers.check_own_header_first, {
        "src/jose/key.h": "", "src/jose/key.cc": '#include <string>\n#include "jose/key.h"\n'})
    assert found == ['src/jose/key.cc:1: its first include is to be "jose/key.h"']


def test_every_source_is_built_in_its_own_layer(faults):
    found = faults(layers.check_all_are_built, {
        "src/CMakeLists.txt": LISTS.replace("crypto/digest.cc", "base/stray.cc"),
        "src/base/words.cc": "", "src/base/stray.cc": "", "src/jose/forgotten.cc": ""})
    assert found == ["src/CMakeLists.txt:1: base/stray.cc is built as a part of crypto",
                     "src/jose/forgotten.cc:1: is not in src/CMakeLists.txt"]


def test_a_file_may_have_as_many_lines_as_the_limit_and_no_more(faults):
    full = "\n" * sources.LINES_MAX
    found = faults(sources.check_length, {"src/base/full.cc": full, "bench/long.cc": full + "\n"})
    assert found == ["bench/long.cc:401: 401 lines; a file has up to 400"]


@pytest.mark.parametrize("code", [
    "int chance = rand();",
    "std::sprintf(buffer, format);",
    "auto number = std::strtol(text, nullptr, 10);",
    "auto number = atoi(text);",
    "auto number = std::stod(text);",
    "std::regex pattern;",
    "std::memcmp(one, other, 32);",
    "return digest == other;",
    "return other != stored.digest;",
    "if (token.digest() == other) return;",
])
def test_banned_calls_are_found(faults, code):
    found = faults(sources.check_banned_calls, {"src/base/words.cc": f"\n{code}\n"})
    assert len(found) == 1 and found[0].startswith("src/base/words.cc:2: ")


@pytest.mark.parametrize("code", [
    "// rand() and std::regex are not for us.",
    'log("rand() \\" std::regex");',
    'constexpr auto kHelp = R"(\n"std::regex" rand()\n)";',
    "constexpr int kMillion = 1'000'000; // rand()",
    "operand(1);",
    "std::snprintf(buffer, size, format);",
    "if (digest_of(algorithm) == 1) return;",
])
def test_what_only_looks_like_a_banned_call_is_let_through(faults, code):
    assert faults(sources.check_banned_calls, {"src/base/words.cc": code}) == []


def test_only_one_file_asks_for_the_time(faults):
    asks = "auto now = std::chrono::system_clock::now();"
    found = faults(sources.check_clock, {"src/base/clock.cc": asks, "src/base/words.cc": asks})
    assert found == ["src/base/words.cc:1: system_clock::now belongs in base/clock.cc alone"]


def test_only_tests_use_a_whole_namespace(faults):
    found = faults(sources.check_using_namespace, {
        "src/base/words.cc": "using namespace std::chrono_literals;\nusing namespace boost;",
        "tests/unit/base/words_test.cc": "using namespace assay;"})
    assert found == ["src/base/words.cc:2: using namespace boost is for tests alone"]


def test_marks_are_found_in_comments_alone(faults):
    mark = "TO" + "DO"
    found = faults(sources.check_marks, {
        "src/base/words.cc": f'int x; // {mark}: more\nauto text = "{mark}";\n/*\n {mark} */'})
    assert found == [f"src/base/words.cc:{line}: {mark} in a comment" for line in (1, 4)]


def test_a_switch_over_an_enum_of_ours_has_no_default(faults):
    found = faults(sources.check_defaults, {"src/base/words.cc": """
enum class Shape { round, square };
switch (shape) {
case base::Shape::round:
  switch (number) {
  case 1: break;
  default: break;
  }
default: break;
}
switch (level) {
case Level::low: break;
default: break;
}
"""})
    assert found == ["src/base/words.cc:9: `default:` in a switch over Shape"]


def test_every_source_has_a_test(faults):
    found = faults(tests.check_each_has_a_test, {
        "src/base/words.cc": "", "src/base/bare.cc": "", "src/main.cc": "",
        "src/stores/file/table.cc": "",
        "tests/unit/base/words_test.cc": "", "tests/unit/stores/table_test.cc": "",
        "tests/system/test_demo.py": ""})
    assert found == ["src/base/bare.cc:1: no test: tests/unit/base/bare_test.cc"]


def test_every_test_is_built(faults):
    found = faults(tests.check_tests_are_built, {
        "tests/CMakeLists.txt": "unit/base/words_test.cc",
        "tests/unit/base/words_test.cc": "", "tests/unit/base/forgotten_test.cc": ""})
    assert found == ["tests/unit/base/forgotten_test.cc:1: is not in tests/CMakeLists.txt"]


def test_paths_in_the_architecture_exist(faults):
    found = faults(documents.check_named_paths, {
        "src/jose/key.h": "", "tools/tidy.py": "", "ARCHITECTURE.md":
            "`jose/key`, `src/jose/`, `tools/tidy.py`, `src/CMakeLists.txt`\n"
            "`jose/gone` and `docs/gone.md`, but not `read/write`.\n"})
    assert found == ["ARCHITECTURE.md:2: jose/gone does not exist",
                     "ARCHITECTURE.md:2: docs/gone.md does not exist"]


def test_the_drawing_has_the_layers_from_the_top_down(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/CMakeLists.txt").write_text(LISTS)
    assert layers.drawing(Tree(tmp_path)) == "jose   -> crypto\ncrypto\nbase\n"


@pytest.mark.parametrize("drawn, text", [
    ("```\njose   -> crypto\ncrypto\nbase\n```", None),
    ("```\ncrypto -> jose\njose\nbase\n```", "ARCHITECTURE.md:2: the drawing is out of date"),
])
def test_the_drawing_is_up_to_date(faults, drawn, text):
    found = faults(documents.check_drawing, {"ARCHITECTURE.md": "\n".join(
        ["# Layers", documents.DRAWING_BEGINS, drawn, documents.DRAWING_ENDS])})
    assert [fault[:len(text)] for fault in found] == [text] if text else found == []


def test_the_drawing_is_there(faults):
    found = faults(documents.check_drawing, {"ARCHITECTURE.md": "Prose alone."})
    assert len(found) == 1 and found[0].startswith("ARCHITECTURE.md:1: no drawing")


def test_every_reason_is_documented(faults):
    found = faults(documents.check_reasons, {
        "src/base/refusal.h": "enum class Reason {\n  expired, // or so\n  unknown,\n};\n",
        "docs/reasons.md": "| `expired` | too late |\n"})
    assert found == ["src/base/refusal.h:3: unknown is not in docs/reasons.md"]


def test_the_page_of_the_settings_is_what_the_program_prints(faults, tmp_path):
    program = tmp_path / documents.PROGRAM
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho '# Settings of today'\n")
    program.chmod(0o755)
    assert faults(documents.check_settings, {"docs/settings.md": "# Settings of today\n"}) == []
    assert len(faults(documents.check_settings, {"docs/settings.md": "# Of yesterday\n"})) == 1
