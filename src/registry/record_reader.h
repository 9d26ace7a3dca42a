// Reads one JSON object of a record, member after member, and collects what is wrong with it: an
// operator who made three mistakes learns of all three at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/strict_json.h"
#include "registry/field_fault.h"

namespace assay::registry {

enum class Lines { one, many };

struct TextRule {
  std::size_t bytes_max;
  Lines lines = Lines::one;
};

struct ListRule {
  std::size_t items_max;
  std::size_t bytes_max; // of one item
};

// An item of a list of texts, and its path in the record: `subjects[3]`.
struct TextItem {
  std::string field;
  std::string text;
};

// Every reading call gives none (or leaves an item out) if the member is absent, and also if it is
// bad: then a fault was noted.
class RecordReader {
public:
  // `field` is the object's own path in the record, empty for the record itself. The object and
  // the faults outlive the reader.
  RecordReader(const json::object& object, std::string field, FieldFaults& faults);

  const std::string& field() const { return field_; }
  bool has(std::string_view member) const { return object_.contains(member); }

  // Null if absent. Whoever asks for a member makes it a known one.
  const json::value* member(std::string_view name);

  // UTF-8 without control characters; with Lines::many, line breaks and tabs are fine.
  std::optional<std::string> text(std::string_view name, TextRule rule);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::chrono::seconds> seconds(std::string_view name, std::chrono::seconds longest);
  std::optional<TimePoint> time(std::string_view name);

  // A reader for each item of a list of objects.
  std::vector<RecordReader> objects(std::string_view name, std::size_t items_max);

  // Texts that are not empty, none of them twice.
  std::vector<TextItem> texts(std::string_view name, ListRule rule);

  // What is left over was never asked for: a misspelt member must not be taken as absent.
  void refuse_unknown_members();

  void fault_of(std::string_view member, std::string what);
  void fault_at(std::string field, std::string what);

private:
  std::string path_to(std::string_view member) const;
  const json::array* list(std::string_view name, std::size_t items_max);

  const json::object& object_;
  std::string field_;
  FieldFaults& faults_;
  std::vector<std::string> known_;
};

} // namespace assay::registry
