#include "registry/record_reader.h"

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

// A reader of one object, and what it found wrong.
struct Reading {
  explicit Reading(std::string_view text, std::string field = "")
      : value(*parse_strict_json(text)), reader(value.get_object(), std::move(field), faults) {}

  json::value value;
  FieldFaults faults;
  RecordReader reader;
};

TEST(RecordReader, ReadsMembersOfEachType) {
  Reading reading(R"({"a": "text", "b": true, "c": 60, "d": "2026-01-31T12:00:00Z"})");
  EXPECT_EQ(reading.reader.text("a", {10}), "text");
  EXPECT_EQ(reading.reader.flag("b"), true);
  EXPECT_EQ(reading.reader.seconds("c", 60s), 60s);
  EXPECT_TRUE(reading.reader.time("d"));
  EXPECT_TRUE(reading.faults.empty());
}

TEST(RecordReader, TakesAnAbsentMemberAsNoFault) {
  Reading reading("{}");
  EXPECT_FALSE(reading.reader.text("a", {10}));
  EXPECT_FALSE(reading.reader.flag("b"));
  EXPECT_FALSE(reading.reader.seconds("c", 60s));
  EXPECT_FALSE(reading.reader.time("d"));
  EXPECT_TRUE(reading.reader.texts("e", {10, 10}).empty());
  EXPECT_TRUE(reading.reader.objects("f", 10).empty());
  EXPECT_TRUE(reading.faults.empty());
}

// Absent is never the same as fine: a null is neither.
TEST(RecordReader, NotesAMemberOfAnotherType) {
  Reading reading(R"({"a": null, "b": "true", "c": 1.5, "d": 5, "e": {}, "f": [1]})");
  EXPECT_FALSE(reading.reader.text("a", {10}));
  EXPECT_FALSE(reading.reader.flag("b"));
  EXPECT_FALSE(reading.reader.seconds("c", 60s));
  EXPECT_FALSE(reading.reader.time("d"));
  EXPECT_TRUE(reading.reader.texts("e", {10, 10}).empty());
  EXPECT_TRUE(reading.reader.objects("f", 10).empty());
  EXPECT_EQ(to_text(reading.faults),
            "a: must be a string; b: must be true or false; "
            "c: must be a whole number of seconds from 1 to 60; "
            "d: must be an RFC 3339 time, such as 2027-01-31T09:30:00Z; e: must be a list; "
            "f[0]: must be an object");
}

TEST(RecordReader, BoundsTextsListsAndNumbers) {
  Reading reading(R"({"a": "12345", "b": 0, "c": 61, "d": ["1", "2", "3"], "e": ["12345"]})");
  EXPECT_FALSE(reading.reader.text("a", {4}));
  EXPECT_FALSE(reading.reader.seconds("b", 60s));
  EXPECT_FALSE(reading.reader.seconds("c", 60s));
  EXPECT_TRUE(reading.reader.texts("d", {2, 4}).empty());
  EXPECT_TRUE(reading.reader.texts("e", {2, 4}).empty());
  ASSERT_EQ(reading.faults.size(), 5U);
  EXPECT_EQ(reading.faults[0].what, "may have at most 4 bytes, this has 5");
  EXPECT_EQ(reading.faults[3].what, "may have at most 2 items, this has 3");
  EXPECT_EQ(reading.faults[4].field, "e[0]");
}

TEST(RecordReader, RefusesControlCharactersButLineBreaksWhereThereMayBeLines) {
  Reading reading(R"({"a": "one\ntwo", "b": "one\r\n\ttwo", "c": "bell\u0007", "d": "\u007f"})");
  EXPECT_FALSE(reading.reader.text("a", {20}));
  EXPECT_TRUE(reading.reader.text("b", {20, Lines::many}));
  EXPECT_FALSE(reading.reader.text("c", {20, Lines::many}));
  EXPECT_FALSE(reading.reader.text("d", {20}));
  EXPECT_EQ(reading.faults.size(), 3U);
}

// What the command line hands over never went through the JSON parser.
TEST(RecordReader, RefusesBytesThatAreNotUtf8) {
  const json::object object{{"a", "\xFF"}};
  FieldFaults faults;
  RecordReader reader(object, "", faults);
  EXPECT_FALSE(reader.text("a", {10}));
  EXPECT_EQ(to_text(faults), "a: must be UTF-8");
}

TEST(RecordReader, RefusesEmptyAndRepeatedItemsOfAListOfTexts) {
  Reading reading(R"({"a": ["one", "", "two", "one"]})");
  const auto items = reading.reader.texts("a", {10, 10});
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[1].field, "a[2]");
  EXPECT_EQ(items[1].text, "two");
  EXPECT_EQ(to_text(reading.faults), "a[1]: must not be empty; a[3]: stands here twice");
}

TEST(RecordReader, NamesThePathOfNestedMembers) {
  Reading reading(R"({"list": [{"a": 1}, {"a": 2}]})", "outer");
  for (RecordReader& item : reading.reader.objects("list", 10))
    item.text("a", {10});
  ASSERT_EQ(reading.faults.size(), 2U);
  EXPECT_EQ(reading.faults[1].field, "outer.list[1].a");
}

TEST(RecordReader, RefusesMembersThatWereNotAskedForAndNamesThoseThatWere) {
  Reading reading(R"({"name": "x", "enbled": true})");
  reading.reader.text("name", {10});
  reading.reader.flag("enabled");
  reading.reader.refuse_unknown_members();
  EXPECT_EQ(to_text(reading.faults), "enbled: is not known here; known are name, enabled");
}

// The fault ends up in logs and on terminals.
TEST(RecordReader, DoesNotRepeatAMemberNameThatCannotBePrinted) {
  Reading reading(R"({"bad\nname": 1})");
  reading.reader.refuse_unknown_members();
  ASSERT_EQ(reading.faults.size(), 1U);
  EXPECT_EQ(reading.faults[0].field, "(unprintable)");
}

} // namespace
} // namespace assay::registry
