// Absolute http(s) URLs from settings and records (RFC 3986).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

struct HttpUrl {
  std::string scheme; // "http" or "https"
  std::string host;   // without the brackets of an IPv6 address
  std::uint16_t port; // the scheme's own if the text has none
  std::string path;   // "/" if the text has none
};

// None unless the text is an absolute http or https URL with a host and no user information.
std::optional<HttpUrl> parse_http_url(std::string_view text);

// The same URL in its one spelling, without query and fragment: scheme and host in lower case, no
// port that is the scheme's own, no dot segments, no escapes that are not needed (RFC 3986 sections
// 6.2.2 and 6.2.3). None as above.
std::optional<std::string> normalized_http_url(std::string_view text);

// True for an absolute URI of any scheme without a fragment (RFC 8707 section 2).
bool is_absolute_uri(std::string_view text);

} // namespace assay
