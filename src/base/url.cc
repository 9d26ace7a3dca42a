#include "base/url.h"

#include <algorithm>
#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace assay {

namespace urls = boost::urls;

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& character : lower)
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character | 0x20);
  return lower;
}

bool is_unreserved(char character) {
  const bool is_letter =
      (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
  return is_letter || (character >= '0' && character <= '9') ||
         std::string_view("-._~").contains(character);
}

// RFC 3986 sections 6.2.2.1 and 6.2.2.2. The path is well-formed: two digits stand behind each `%`.
std::string with_fewest_escapes(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr int kHexadecimal = 16;
  std::string fewest;
  while (!path.empty()) {
    if (path.front() != '%') {
      fewest.push_back(path.front());
      path.remove_prefix(1);
      continue;
    }
    unsigned byte = 0;
    std::from_chars(path.data() + 1, path.data() + 3, byte, kHexadecimal);
    if (is_unreserved(static_cast<char>(byte)))
      fewest.push_back(static_cast<char>(byte));
    else
      fewest.append({'%', kDigits[byte / kHexadecimal], kDigits[byte % kHexadecimal]});
    path.remove_prefix(3);
  }
  return fewest;
}

// RFC 3986 section 5.2.4, for an absolute path; `/` if there is none.
std::string without_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end); // with the slash before it
    path.remove_prefix(end);
    const bool is_last = path.empty();
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") result.erase(std::min(result.rfind('/'), result.size()));
      if (is_last) result.push_back('/');
    } else {
      result.append(segment);
    }
  }
  return result.empty() ? "/" : result;
}

} // namespace

std::optional<HttpUrl> parse_http_url(std::string_view text) {
  const auto parsed = urls::parse_uri(text);
  if (!parsed) return std::nullopt;
  const urls::url_view url = *parsed;
  const bool https = url.scheme_id() == urls::scheme::https;
  if (!https && url.scheme_id() != urls::scheme::http) return std::nullopt;
  if (url.has_userinfo() || url.encoded_host().empty()) return std::nullopt;
  if (url.has_port() && url.port_number() == 0) return std::nullopt;

  std::string path = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (url.has_query()) path.append("?").append(url.encoded_query());
  return HttpUrl{.scheme = https ? "https" : "http",
                 .host = url.host_address(),
                 .port = url.has_port() ? url.port_number() : std::uint16_t(https ? 443 : 80),
                 .path = std::move(path)};
}

// Not Boost.URL's own normalize(): that of 1.81 makes "/" of "%2F", so that one URL passes for
// another.
std::optional<std::string> normalized_http_url(std::string_view text) {
  const auto known = parse_http_url(text);
  if (!known) return std::nullopt;
  const urls::url_view url = *urls::parse_uri(text);
  const std::uint16_t own_port = known->scheme == "https" ? 443 : 80;
  std::string normalized = known->scheme + "://" + lower_case(url.encoded_host());
  if (known->port != own_port) normalized.append(":").append(std::to_string(known->port));
  return normalized + without_dot_segments(with_fewest_escapes(url.encoded_path()));
}

bool is_absolute_uri(std::string_view text) {
  const auto parsed = urls::parse_uri(text);
  return parsed && !parsed->has_fragment();
}

} // namespace assay
