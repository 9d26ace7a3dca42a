#include "server/config_number.h"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace assay::server {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t worth;
};

// From the smallest to the largest.
constexpr std::array kDurationUnits = {Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                                       Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};
constexpr std::array kSizeUnits = {Unit{"KiB", 1024}, Unit{"MiB", 1024 * 1024}};

// A number with or without a unit.
struct Measure {
  std::string_view name; // "a duration"
  std::span<const Unit> units;
  std::int64_t plain_worth; // of a number without a unit
  std::int64_t step;        // the value must be a multiple of it
};

constexpr Measure kWholeNumber{"a whole number", {}, 1, 1};
constexpr Measure kDuration{"a duration", kDurationUnits, 1000, 1};
constexpr Measure kWholeSeconds{"a duration in whole seconds", kDurationUnits, 1000, 1000};
constexpr Measure kSize{"a size", kSizeUnits, 1, 1};

// So many of the largest unit still fit into 64 bits.
constexpr std::size_t kDigitsMax = 11;

// In the largest unit that leaves no rest.
std::string in_short(std::int64_t value, const Measure& measure) {
  std::string text = std::to_string(value / measure.plain_worth);
  for (const Unit& unit : measure.units)
    if (value != 0 && value % unit.worth == 0)
      text = fmt::format("{}{}", value / unit.worth, unit.name);
  return text;
}

std::optional<std::int64_t> worth_of(std::string_view unit, const Measure& measure) {
  if (unit.empty()) return measure.plain_worth;
  for (const Unit& known : measure.units)
    if (known.name == unit) return known.worth;
  return std::nullopt;
}

std::optional<std::int64_t> parse(std::string_view text, const Measure& measure) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  // A leading zero is octal to some readers of YAML.
  if (digits == 0 || digits > kDigitsMax || (digits > 1 && text.front() == '0'))
    return std::nullopt;
  const auto worth = worth_of(text.substr(digits), measure);
  if (!worth) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + digits, count);
  return count * *worth;
}

json::object schema_of(const Measure& measure, Range range) {
  json::object schema{
      {"type", "integer"},
      {"minimum", (range.least + measure.plain_worth - 1) / measure.plain_worth},
      {"maximum", range.most / measure.plain_worth},
  };
  if (!measure.units.empty()) {
    std::string names;
    for (const Unit& unit : measure.units)
      names.append(names.empty() ? "" : "|").append(unit.name);
    schema["type"] = json::array{"integer", "string"};
    schema["pattern"] = fmt::format("^(0|[1-9][0-9]{{0,{}}})({})$", kDigitsMax - 1, names);
  }
  return schema;
}

Kind<std::int64_t> quantity(const Measure& measure, Range range,
                            std::function<json::value(const std::int64_t&)> write) {
  std::string allowed = fmt::format("{} from {} to {}", measure.name,
                                    in_short(range.least, measure), in_short(range.most, measure));
  const auto read = [=](const ConfigNode& node,
                        const FaultNotes& faults) -> std::optional<std::int64_t> {
    const bool number = node.kind == ConfigNode::Kind::plain;
    const bool text = node.kind == ConfigNode::Kind::quoted && !node.text.empty() &&
                      !std::isdigit(static_cast<unsigned char>(node.text.back()));
    const auto value = number || text ? parse(node.text, measure) : std::nullopt;
    if (value && *value >= range.least && *value <= range.most && *value % measure.step == 0)
      return value;
    faults.note_found(node, allowed);
    return std::nullopt;
  };
  return {allowed, schema_of(measure, range), read, std::move(write)};
}

json::value write_number(const std::int64_t& value) { return value; }

json::value write_duration(const std::int64_t& milliseconds) {
  if (milliseconds % 1000 == 0) return json::value(fmt::format("{}s", milliseconds / 1000));
  return json::value(fmt::format("{}ms", milliseconds));
}

json::value write_size(const std::int64_t& bytes) {
  if (bytes == 0 || bytes % 1024 != 0) return bytes;
  return json::value(in_short(bytes, kSize));
}

} // namespace

Kind<bool> flag() {
  Kind<bool> kind{"true or false", {{"type", "boolean"}}, nullptr, nullptr};
  kind.read = [allowed = kind.allowed](const ConfigNode& node,
                                       const FaultNotes& faults) -> std::optional<bool> {
    if (node.kind == ConfigNode::Kind::plain && node.text == "true") return true;
    if (node.kind == ConfigNode::Kind::plain && node.text == "false") return false;
    faults.note_found(node, allowed);
    return std::nullopt;
  };
  kind.write = [](const bool& value) { return json::value(value); };
  return kind;
}

Kind<std::int64_t> whole_number(Range range) { return quantity(kWholeNumber, range, write_number); }

Kind<std::int64_t> milliseconds_of_duration(Range range) {
  return quantity(kDuration, range, write_duration);
}

Kind<std::int64_t> milliseconds_of_whole_seconds(Range range) {
  return quantity(kWholeSeconds, range, write_duration);
}

Kind<std::int64_t> bytes_of_size(Range range) { return quantity(kSize, range, write_size); }

} // namespace assay::server
