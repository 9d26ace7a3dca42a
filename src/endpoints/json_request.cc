#include "endpoints/json_request.h"

#include <utility>

#include <fmt/format.h>

#include "http/syntax.h"

namespace assay::endpoints {

namespace {

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// RFC 8259 section 8.1 has UTF-8 alone; the charset that many clients add says nothing new.
bool is_json(std::string_view content_type) {
  const std::string_view type = http::trimmed(http::split_off(content_type, ';'));
  if (!http::equal_ignoring_case(type, "application/json")) return false;
  while (!content_type.empty()) {
    std::string_view value = http::split_off(content_type, ';');
    const std::string_view name = http::trimmed(http::split_off(value, '='));
    const bool charset = http::equal_ignoring_case(name, "charset");
    if (charset && !http::equal_ignoring_case(unquoted(http::trimmed(value)), "utf-8"))
      return false;
  }
  return true;
}

} // namespace

Result<json::object> read_json_request(const http::Request& request) {
  // Of two types none can count more.
  if (request.field_count("Content-Type") != 1 || !is_json(*request.field("Content-Type")))
    return refuse(Reason::registration_body_malformed, "expected application/json");
  auto value = parse_strict_json(request.body, {.bytes = request.body.size()});
  if (!value)
    return refuse(Reason::registration_body_malformed,
                  fmt::format("{} at byte {}", value.error().what, value.error().offset));
  if (!value->is_object())
    return refuse(Reason::registration_body_malformed, "expected a JSON object");
  return std::move(value->get_object());
}

} // namespace assay::endpoints
