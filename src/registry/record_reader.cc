#include "registry/record_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"
#include "registry/rfc3339.h"

namespace assay::registry {

namespace {

bool is_line_space(char character) {
  return character == '\n' || character == '\r' || character == '\t';
}

bool has_control_characters(std::string_view text, Lines lines) {
  return std::ranges::any_of(text, [lines](char character) {
    if (lines == Lines::many && is_line_space(character)) return false;
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
  });
}

// Empty if the text is fine.
std::string fault_in(std::string_view text, TextRule rule) {
  if (text.size() > rule.bytes_max)
    return fmt::format("may have at most {} bytes, this has {}", rule.bytes_max, text.size());
  if (!is_utf8(text)) return "must be UTF-8";
  if (has_control_characters(text, rule.lines)) return "must not have control characters";
  return {};
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// A name from outside, fit for a message.
std::string shown(std::string_view name) {
  constexpr std::size_t kShownBytesMax = 64;
  if (!is_utf8(name) || has_control_characters(name, Lines::one)) return "(unprintable)";
  return std::string(utf8_prefix(name, kShownBytesMax));
}

} // namespace

RecordReader::RecordReader(const json::object& object, std::string field, FieldFaults& faults)
    : object_(object), field_(std::move(field)), faults_(faults) {}

const json::value* RecordReader::member(std::string_view name) {
  known_.emplace_back(name);
  return object_.if_contains(name);
}

std::optional<std::string> RecordReader::text(std::string_view name, TextRule rule) {
  const json::value* value = member(name);
  if (!value) return std::nullopt;
  const json::string* text = value->if_string();
  std::string fault = text ? fault_in(view(*text), rule) : "must be a string";
  if (text && fault.empty()) return std::string(view(*text));
  fault_of(name, std::move(fault));
  return std::nullopt;
}

std::optional<bool> RecordReader::flag(std::string_view name) {
  const json::value* value = member(name);
  if (!value) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  fault_of(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::chrono::seconds> RecordReader::seconds(std::string_view name,
                                                          std::chrono::seconds longest) {
  const json::value* value = member(name);
  if (!value) return std::nullopt;
  const std::int64_t* number = value->if_int64();
  if (number && *number >= 1 && *number <= longest.count()) return std::chrono::seconds{*number};
  fault_of(name, fmt::format("must be a whole number of seconds from 1 to {}", longest.count()));
  return std::nullopt;
}

std::optional<TimePoint> RecordReader::time(std::string_view name) {
  const json::value* value = member(name);
  if (!value) return std::nullopt;
  const json::string* text = value->if_string();
  if (const auto time = text ? parse_rfc3339(view(*text)) : std::nullopt) return time;
  fault_of(name, "must be an RFC 3339 time, such as 2027-01-31T09:30:00Z");
  return std::nullopt;
}

std::vector<RecordReader> RecordReader::objects(std::string_view name, std::size_t items_max) {
  std::vector<RecordReader> readers;
  const json::array* items = list(name, items_max);
  if (!items) return readers;
  for (std::size_t index = 0; index < items->size(); ++index) {
    std::string path = fmt::format("{}[{}]", path_to(name), index);
    if (const json::object* object = (*items)[index].if_object())
      readers.emplace_back(*object, std::move(path), faults_);
    else
      fault_at(std::move(path), "must be an object");
  }
  return readers;
}

std::vector<TextItem> RecordReader::texts(std::string_view name, ListRule rule) {
  std::vector<TextItem> texts;
  std::set<std::string_view> met;
  const json::array* items = list(name, rule.items_max);
  if (!items) return texts;
  for (std::size_t index = 0; index < items->size(); ++index) {
    std::string path = fmt::format("{}[{}]", path_to(name), index);
    const json::string* text = (*items)[index].if_string();
    std::string fault = text ? fault_in(view(*text), {rule.bytes_max}) : "must be a string";
    if (text && text->empty()) fault = "must not be empty";
    if (text && fault.empty() && !met.insert(view(*text)).second) fault = "stands here twice";
    if (text && fault.empty())
      texts.push_back({std::move(path), std::string(view(*text))});
    else
      fault_at(std::move(path), std::move(fault));
  }
  return texts;
}

void RecordReader::refuse_unknown_members() {
  for (const auto& [name, value] : object_) {
    if (std::ranges::find(known_, std::string_view(name)) != known_.end()) continue;
    fault_of(shown(name), fmt::format("is not known here; known are {}", fmt::join(known_, ", ")));
  }
}

void RecordReader::fault_of(std::string_view member, std::string what) {
  fault_at(path_to(member), std::move(what));
}

void RecordReader::fault_at(std::string field, std::string what) {
  faults_.push_back({std::move(field), std::move(what)});
}

std::string RecordReader::path_to(std::string_view member) const {
  return field_.empty() ? std::string(member) : fmt::format("{}.{}", field_, member);
}

const json::array* RecordReader::list(std::string_view name, std::size_t items_max) {
  const json::value* value = member(name);
  if (!value) return nullptr;
  const json::array* items = value->if_array();
  if (!items) {
    fault_of(name, "must be a list");
    return nullptr;
  }
  if (items->size() > items_max) {
    fault_of(name, fmt::format("may have at most {} items, this has {}", items_max, items->size()));
    return nullptr;
  }
  return items;
}

} // namespace assay::registry
