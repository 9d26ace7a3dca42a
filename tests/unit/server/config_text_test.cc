#include "server/config_text.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

enum class Colour { red, green };

template <class T> std::optional<T> read(const Kind<T>& kind, std::string_view yaml) {
  ConfigFaults faults;
  const auto value = kind.read(tree_of(yaml), FaultNotes("a", faults));
  EXPECT_EQ(value.has_value(), faults.empty()) << yaml;
  return value;
}

template <class T> std::string faults_in(const Kind<T>& kind, std::string_view yaml) {
  ConfigFaults faults;
  kind.read(tree_of(yaml), FaultNotes("a", faults));
  return to_text(faults);
}

Kind<std::string> short_text() {
  return text({.allowed = "a text of 1 to 4 bytes", .bytes_most = 4});
}

TEST(ConfigText, TakesScalarsAsTheyWereWritten) {
  EXPECT_EQ(read(short_text(), "abcd"), "abcd");
  EXPECT_EQ(read(short_text(), "\"a b\""), "a b");
  EXPECT_EQ(read(short_text(), "010"), "010");
  EXPECT_EQ(read(short_text(), "true"), "true");
}

TEST(ConfigText, IsBounded) {
  EXPECT_FALSE(read(short_text(), "abcde"));
  EXPECT_FALSE(read(short_text(), "\"\""));
  EXPECT_EQ(read(text({.allowed = "", .bytes_least = 0}), "\"\""), "");
}

TEST(ConfigText, RefusesControlCharactersAndWhatIsNoText) {
  for (const auto* yaml : {"\"a\\nb\"", "\"\\x7f\"", "\"\\0\"", "~", "[a]", "{a: b}"})
    EXPECT_FALSE(read(short_text(), yaml)) << yaml;
}

TEST(ConfigText, ObeysARuleOfItsOwn) {
  const auto kind = text({.allowed = "a text with an x",
                          .accepts = [](std::string_view text) { return text.contains('x'); }});
  EXPECT_EQ(read(kind, "axb"), "axb");
  EXPECT_EQ(faults_in(kind, "ab"), "assay.yaml:1:1: a: \"ab\" is not a text with an x");
}

TEST(ConfigText, IsOneOfTheNamesOfAChoice) {
  const auto kind = choice_of<Colour>({{"red", Colour::red}, {"green", Colour::green}});
  EXPECT_EQ(read(kind, "green"), Colour::green);
  EXPECT_EQ(kind.write(Colour::red), json::value("red"));
  EXPECT_EQ(faults_in(kind, "Red"), "assay.yaml:1:1: a: \"Red\" is not one of red, green");
  EXPECT_EQ(json::serialize(kind.schema), R"({"enum":["red","green"]})");
}

// The configuration's faults go to the log.
TEST(ConfigText, KeepsThePasswordOfAUrlOutOfFaults) {
  const auto kind = store_url("a URL", [](std::string_view url) -> std::optional<std::string> {
    if (url == "good:") return std::nullopt;
    return "is not one of good:";
  });
  EXPECT_EQ(read(kind, "\"good:\""), "good:");
  EXPECT_EQ(faults_in(kind, "odd:file"), "assay.yaml:1:1: a: \"odd:file\" is not one of good:");
  EXPECT_EQ(faults_in(kind, "odd://user:password@host"),
            "assay.yaml:1:1: a: \"odd://...\" is not one of good:");
  EXPECT_EQ(faults_in(kind, "[]"), "assay.yaml:1:1: a: a list is not a URL");
}

TEST(ConfigText, KeepsThePasswordOfAUrlOutOfWhatIsShown) {
  const auto kind =
      store_url("a URL", [](std::string_view) { return std::optional<std::string>(); });
  for (const auto& [url, shown] :
       {std::pair("sqlite:a:b@c.db", "sqlite:a:b@c.db"),
        std::pair("postgresql://host:5432/assay", "postgresql://host:5432/assay"),
        std::pair("postgresql://me:se:cr/et@host:1/x?a=b", "postgresql://me:***@host:1/x?a=b"),
        std::pair("redis://:secret@host", "redis://:***@host"),
        std::pair("postgresql:///x?password=secret&sslpassword=secret&schema=y",
                  "postgresql:///x?password=***&sslpassword=***&schema=y")})
    EXPECT_EQ(kind.write(url), json::value(shown));
}

TEST(ConfigText, ReadsListsAndTakesOneTextForAListOfOne) {
  const auto kind = list_of(short_text(), "a list of 1 to 2 texts", {1, 2});
  EXPECT_EQ(read(kind, "[a, b]"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read(kind, "a"), std::vector<std::string>{"a"});
  EXPECT_EQ(kind.write({"a", "b"}), json::value(json::array{"a", "b"}));
}

TEST(ConfigText, NotesEveryFaultOfAList) {
  const auto kind = list_of(short_text(), "a list of 1 to 3 texts", {1, 3});
  EXPECT_EQ(faults_in(kind, "[a, toolong, a]"),
            "assay.yaml:1:5: a[1]: \"toolong\" is not a text of 1 to 4 bytes\n"
            "assay.yaml:1:14: a[2]: stands here twice");
  EXPECT_EQ(faults_in(kind, "[]"), "assay.yaml:1:1: a: a list of 0 is not a list of 1 to 3 texts");
  EXPECT_EQ(faults_in(kind, "[a, b, c, d]"),
            "assay.yaml:1:1: a: a list of 4 is not a list of 1 to 3 texts");
  EXPECT_EQ(faults_in(kind, "{a: b}"), "assay.yaml:1:1: a: a map is not a list of 1 to 3 texts");
  EXPECT_EQ(faults_in(kind, "toolong"),
            "assay.yaml:1:1: a: \"toolong\" is not a text of 1 to 4 bytes");
}

Kind<NamedTexts> texts_by_name() {
  return map_of(short_text(), {.allowed = "a map of up to 2 texts",
                               .pattern = "^[a-z]+$",
                               .count_most = 2,
                               .fault_in = [](std::string_view name) -> std::optional<std::string> {
                                 if (name != "bad") return std::nullopt;
                                 return "is no name";
                               }});
}

TEST(ConfigText, ReadsMapsInTheirOrder) {
  EXPECT_EQ(read(texts_by_name(), "{z: 1, a: b}"), (NamedTexts{{"z", "1"}, {"a", "b"}}));
  EXPECT_EQ(read(texts_by_name(), "{}"), NamedTexts{});
  EXPECT_EQ(json::serialize(texts_by_name().write({{"z", "1"}, {"a", "b"}})),
            R"({"z":"1","a":"b"})");
}

TEST(ConfigText, NotesEveryFaultOfAMap) {
  EXPECT_EQ(faults_in(texts_by_name(), "{bad: x, good: [y]}"),
            "assay.yaml:1:2: a.bad: is no name\n"
            "assay.yaml:1:16: a.good: a list is not a text of 1 to 4 bytes");
  EXPECT_EQ(faults_in(texts_by_name(), "{a: 1, b: 2, c: 3}"),
            "assay.yaml:1:1: a: a map of 3 is not a map of up to 2 texts");
  EXPECT_EQ(faults_in(texts_by_name(), "[a]"),
            "assay.yaml:1:1: a: a list is not a map of up to 2 texts");
}

} // namespace
} // namespace assay::server
