#include "base/url.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace assay {

namespace urls = boost::urls;

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

bool is_absolute_uri(std::string_view text) {
  const auto parsed = urls::parse_uri(text);
  return parsed && !parsed->has_fragment();
}

} // namespace assay
