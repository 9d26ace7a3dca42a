#include "stores/file/property_document.h"

#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/strict_json.h"

namespace assay::stores {

namespace {

void write_value(std::string& text, const json::value& value, std::size_t level);

void break_line(std::string& text, std::size_t level) {
  text += '\n';
  text.append(2 * level, ' ');
}

void write_object(std::string& text, const json::object& object, std::size_t level) {
  if (object.empty()) {
    text += "{}";
    return;
  }
  text += '{';
  for (bool first = true; const auto& [name, value] : object) {
    if (!std::exchange(first, false)) text += ',';
    break_line(text, level + 1);
    text += json::serialize(json::string_view(name)) + ": ";
    write_value(text, value, level + 1);
  }
  break_line(text, level);
  text += '}';
}

void write_array(std::string& text, const json::array& array, std::size_t level) {
  if (array.empty()) {
    text += "[]";
    return;
  }
  text += '[';
  for (bool first = true; const json::value& value : array) {
    if (!std::exchange(first, false)) text += ',';
    break_line(text, level + 1);
    write_value(text, value, level + 1);
  }
  break_line(text, level);
  text += ']';
}

// As deep as the value, which the parser has bounded.
void write_value(std::string& text, const json::value& value, std::size_t level) {
  if (const json::object* object = value.if_object())
    write_object(text, *object, level);
  else if (const json::array* array = value.if_array())
    write_array(text, *array, level);
  else
    text += json::serialize(value);
}

// A record as deep as parse_strict_json lets it be stands two levels down.
constexpr JsonLimits kLimits{.depth = JsonLimits{}.depth + 2, .bytes = kPropertyFileBytesMax};

json::value parse_own(std::string_view value) {
  auto parsed = parse_strict_json(value, kLimits);
  ASSAY_ASSERT(parsed.has_value(), "the value of a property is JSON");
  return std::move(*parsed);
}

} // namespace

std::expected<PropertyTables, std::string> parse_property_document(std::string_view text) {
  const auto document = parse_strict_json(text, kLimits);
  if (!document) {
    return std::unexpected(fmt::format("is not good JSON at byte {}: {}", document.error().offset,
                                       document.error().what));
  }
  const json::object* tables = document->if_object();
  if (!tables) return std::unexpected("must hold an object of tables");

  PropertyTables parsed;
  for (const auto& [name, value] : *tables) {
    const json::object* rows = value.if_object();
    if (!rows)
      return std::unexpected(
          fmt::format("must have an object as table {}", std::string_view(name)));
    VersionedTable::Texts& texts = parsed[std::string(name)];
    for (const auto& [key, record] : *rows)
      texts.emplace(key, json::serialize(record));
  }
  return parsed;
}

std::string canonical_json(std::string_view value) { return json::serialize(parse_own(value)); }

std::string format_property_document(const PropertyTables& tables) {
  json::object document;
  for (const auto& [name, texts] : tables) {
    json::object& rows = document[name].emplace_object();
    for (const auto& [key, record] : texts)
      rows.emplace(key, parse_own(record));
  }
  std::string text;
  write_object(text, document, 0);
  text += '\n';
  return text;
}

} // namespace assay::stores
