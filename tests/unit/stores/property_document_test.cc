#include "stores/file/property_document.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

TEST(PropertyDocument, IsLaidOutForPeople) {
  const PropertyTables tables{
      {"ScopeLibrary", {{"b", R"({"description":"B"})"}, {"a", "{}"}}},
      {"ClientApplicationRegistry",
       {{"billing",
         R"({"name":"Bill \"ing\"","scopes":[{"name":"x"}],"keys":[],"enabled":true})"}}},
  };
  EXPECT_EQ(format_property_document(tables), R"({
  "ClientApplicationRegistry": {
    "billing": {
      "name": "Bill \"ing\"",
      "scopes": [
        {
          "name": "x"
        }
      ],
      "keys": [],
      "enabled": true
    }
  },
  "ScopeLibrary": {
    "a": {},
    "b": {
      "description": "B"
    }
  }
}
)");
}

TEST(PropertyDocument, ComesBackAsItWas) {
  const PropertyTables tables{{"T", {{"a \"key\"", R"({"n":[1,2.5E0,null,"x"]})"}, {"b", "5"}}}};
  const auto parsed = parse_property_document(format_property_document(tables));
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(*parsed, tables);
}

TEST(PropertyDocument, SpellsValuesInOneWay) {
  const auto parsed = parse_property_document("{\"T\": {\"a\": { \"x\" :\n 1 }}}");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->at("T").at("a"), R"({"x":1})");
  EXPECT_EQ(canonical_json("{ \"x\" :\n 1 }"), R"({"x":1})");
}

TEST(PropertyDocument, SaysAtWhichByteItIsBad) {
  EXPECT_TRUE(
      parse_property_document(R"({"T": })").error().starts_with("is not good JSON at byte 6: "));
  EXPECT_TRUE(parse_property_document("").error().starts_with("is not good JSON at byte 0: "));
}

TEST(PropertyDocument, RefusesARowThatStandsThereTwice) {
  EXPECT_FALSE(parse_property_document(R"({"T": {"a": 1, "a": 2}})"));
}

TEST(PropertyDocument, RefusesWhatHasNoTables) {
  EXPECT_EQ(parse_property_document("[]").error(), "must hold an object of tables");
  EXPECT_EQ(parse_property_document(R"({"T": []})").error(), "must have an object as table T");
}

// Or a record that was good by itself would make the whole file unreadable.
TEST(PropertyDocument, HoldsAValueAsDeepAsValuesMayBe) {
  std::string value;
  for (int level = 0; level < 16; ++level)
    value = "[" + value + "]";
  const PropertyTables tables{{"T", {{"a", value}}}};
  EXPECT_TRUE(parse_property_document(format_property_document(tables)));
}

} // namespace
} // namespace assay::stores
