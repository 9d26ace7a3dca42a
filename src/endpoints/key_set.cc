#include "endpoints/key_set.h"

#include <algorithm>

#include <fmt/format.h>

namespace assay::endpoints {

namespace {

// RFC 9110 section 13.1.2: a list of tags or `*`, compared weakly.
bool has_it(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::size_t end = std::min(if_none_match.find(','), if_none_match.size());
    std::string_view each = if_none_match.substr(0, end);
    if_none_match.remove_prefix(std::min(end + 1, if_none_match.size()));
    each.remove_prefix(std::min(each.find_first_not_of(" \t"), each.size()));
    each = each.substr(0, each.find_last_not_of(" \t") + 1);
    if (each.starts_with("W/")) each.remove_prefix(2);
    if (each == "*" || each == tag) return true;
  }
  return false;
}

} // namespace

http::Response KeySetEndpoint::answer(const http::Request& request) const {
  const auto document = keys_.key_set();
  http::Response response;
  if (has_it(request.field("If-None-Match").value_or(""), document->entity_tag)) {
    response.status = 304;
  } else {
    response = http::json_response(200, document->body);
  }
  response.with("Cache-Control", fmt::format("public, max-age={}", max_age_.count()))
      .with("ETag", document->entity_tag);
  return response;
}

} // namespace assay::endpoints
