#include "endpoints/form_request.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "http/form.h"

namespace assay::endpoints {

namespace {

Result<std::vector<http::FormField>> read_form(const http::Request& request) {
  const auto content_type = request.field("Content-Type");
  if (!content_type || !http::is_form(*content_type))
    return refuse(Reason::content_type_unsupported, "expected application/x-www-form-urlencoded");
  return http::parse_form(request.body);
}

Result<AnswerFormat> format_of(const std::vector<http::FormField>& fields) {
  constexpr auto kName = &http::FormField::name;
  // Of two formats none can count more: Parameters refuses them, in JSON.
  if (std::ranges::count(fields, "format", kName) != 1) return AnswerFormat::json;
  const std::string& format = std::ranges::find(fields, "format", kName)->value;
  if (format.empty()) return AnswerFormat::json;
  if (const auto known = answer_format_named(format)) return *known;
  return refuse(Reason::format_unknown, "expected json, urlencoded or xml");
}

} // namespace

FormRequest read_form_request(const http::Request& request, oauth::RepeatableNames repeatable) {
  auto fields = read_form(request);
  if (!fields) return {AnswerFormat::json, std::unexpected(std::move(fields.error()))};
  auto format = format_of(*fields);
  if (!format) return {AnswerFormat::json, std::unexpected(std::move(format.error()))};

  std::vector<std::pair<std::string, std::string>> sent;
  sent.reserve(fields->size());
  for (http::FormField& field : *fields)
    sent.emplace_back(std::move(field.name), std::move(field.value));
  return {*format, oauth::Parameters::make(std::move(sent), repeatable)};
}

Result<std::optional<std::string_view>> authorization_of(const http::Request& request) {
  if (request.field_count("Authorization") > 1)
    return refuse(Reason::client_authentication_repeated, "expected one Authorization header");
  return request.field("Authorization");
}

} // namespace assay::endpoints
