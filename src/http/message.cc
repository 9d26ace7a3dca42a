#include "http/message.h"

#include <algorithm>

#include "http/syntax.h"

namespace assay::http {

std::optional<std::string_view> Request::field(std::string_view name) const {
  for (const Field& field : fields)
    if (equal_ignoring_case(field.name, name)) return field.value;
  return std::nullopt;
}

std::size_t Request::field_count(std::string_view name) const {
  const auto same_name = [name](const Field& field) {
    return equal_ignoring_case(field.name, name);
  };
  return static_cast<std::size_t>(std::ranges::count_if(fields, same_name));
}

Response json_response(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.with("Content-Type", "application/json");
  return response;
}

} // namespace assay::http
