#include "http/header_lines.h"

#include <algorithm>

#include "http/syntax.h"

namespace assay::http {

namespace {

std::optional<Version> version_named(std::string_view name) {
  if (name == "HTTP/1.1") return Version::http_1_1;
  if (name == "HTTP/1.0") return Version::http_1_0;
  return std::nullopt;
}

// A fragment is never sent (RFC 9110 section 7.1).
bool is_target_character(char character) {
  return character > ' ' && character < '\x7F' && character != '#';
}

// The target from its path on. None if it is in neither of the two forms.
std::optional<std::string_view> path_and_query(std::string_view target) {
  if (target.starts_with('/')) return target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = target.substr(scheme.size());
    return rest.substr(std::min(rest.find_first_of("/?"), rest.size()));
  }
  return std::nullopt;
}

} // namespace

std::optional<RequestLine> parse_request_line(std::string_view line) {
  const std::string_view method = split_off(line, ' ');
  const std::string_view target = split_off(line, ' ');
  const auto version = version_named(line);
  if (!version || !is_token(method) || !std::ranges::all_of(target, is_target_character))
    return std::nullopt;

  auto query = path_and_query(target);
  if (!query) return std::nullopt;
  std::string_view path = split_off(*query, '?');
  if (path.empty()) path = "/";
  return RequestLine{method, path, *query, *version};
}

std::optional<FieldLine> parse_field_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_token(name) || !is_field_value(value)) return std::nullopt;
  return FieldLine{name, value};
}

LineReader::Found LineReader::next(std::string_view& received) {
  const std::size_t newline = received.find('\n');
  if (newline == std::string_view::npos)
    return received.size() < bytes_left_ ? Found::part_of_line : Found::too_long;
  if (newline + 1 > bytes_left_) return Found::too_long;
  if (newline == 0 || received[newline - 1] != '\r') return Found::bare_newline;
  line_ = received.substr(0, newline - 1);
  received.remove_prefix(newline + 1);
  bytes_left_ -= newline + 1;
  return Found::line;
}

} // namespace assay::http
