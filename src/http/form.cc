#include "http/form.h"

#include <utility>

#include <fmt/format.h>

#include "base/form_text.h"
#include "http/syntax.h"

namespace assay::http {

namespace {

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.starts_with('"') && value.ends_with('"');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

} // namespace

Result<std::vector<FormField>> parse_form(std::string_view body) {
  std::vector<FormField> fields;
  while (!body.empty()) {
    std::string_view rest = split_off(body, '&');
    if (rest.empty()) continue;
    if (fields.size() == kFormFieldsMax)
      return refuse(Reason::form_malformed, fmt::format("more than {} fields", kFormFieldsMax));

    auto name = form_decode(split_off(rest, '='));
    auto value = form_decode(rest);
    if (!name || !value)
      return refuse(Reason::form_malformed,
                    fmt::format("field {} is not encoded as it should be", fields.size() + 1));
    fields.push_back({std::move(*name), std::move(*value)});
  }
  return fields;
}

bool is_form(std::string_view content_type) {
  const std::string_view type = trimmed(split_off(content_type, ';'));
  if (!equal_ignoring_case(type, "application/x-www-form-urlencoded")) return false;
  while (!content_type.empty()) {
    std::string_view value = split_off(content_type, ';');
    const std::string_view name = trimmed(split_off(value, '='));
    const bool charset = equal_ignoring_case(name, "charset");
    if (charset && !equal_ignoring_case(unquoted(trimmed(value)), "utf-8")) return false;
  }
  return true;
}

} // namespace assay::http
