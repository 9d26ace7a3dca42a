#include "server/config_rule.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <boost/asio/ip/address.hpp>

#include "base/url.h"
#include "server/paths.h"
#include "server/settings.h"

namespace assay::server {

namespace {

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool consists_of(std::string_view text, std::string_view marks) {
  return std::ranges::all_of(text, [marks](char character) {
    return is_letter(character) || is_digit(character) || marks.contains(character);
  });
}

// Members of the answers to come from introspection, from token info, from the token endpoint and
// of JWTs (RFC 6749, 7519, 7662, 7800, 8693, 8707, 9396; OpenID Connect's for sessions).
constexpr std::array<std::string_view, 35> kMembersOfAnswers = {"access_token",
                                                                "acr",
                                                                "act",
                                                                "active",
                                                                "amr",
                                                                "aud",
                                                                "audience",
                                                                "auth_time",
                                                                "authorization_details",
                                                                "azp",
                                                                "client_id",
                                                                "cnf",
                                                                "error",
                                                                "error_description",
                                                                "error_uri",
                                                                "exp",
                                                                "expires_in",
                                                                "iat",
                                                                "id_token",
                                                                "iss",
                                                                "issued_token_type",
                                                                "jti",
                                                                "may_act",
                                                                "nbf",
                                                                "nonce",
                                                                "refresh_token",
                                                                "refresh_token_expires_in",
                                                                "resource",
                                                                "scope",
                                                                "sid",
                                                                "state",
                                                                "sub",
                                                                "token_type",
                                                                "user_id",
                                                                "username"};

} // namespace

bool is_issuer(std::string_view text) {
  std::string url(text);
  if (const std::size_t at = url.find(kPortPlaceholder); at != std::string::npos)
    url.replace(at, kPortPlaceholder.size(), "1");
  return url.find_first_of("?#") == std::string::npos && parse_http_url(url).has_value();
}

bool is_audience(std::string_view text) {
  for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 1))
    if (!text.substr(at).starts_with(kPortPlaceholder)) return false;
  return !text.empty();
}

bool is_service_path(std::string_view text) {
  if (!text.starts_with('/') || !consists_of(text, "/-._~!$&'()*+,;=:@")) return false;
  while (!text.empty()) {
    text.remove_prefix(1);
    const std::string_view segment = text.substr(0, text.find('/'));
    if (segment.empty() || segment == "." || segment == "..") return false;
    text.remove_prefix(segment.size());
  }
  return true;
}

bool is_reserved_path(std::string_view path) {
  for (const std::string_view fixed :
       {kAuthorizationPath, kIntrospectionPath, kTokenInfoPath, kRevocationPath, kCheckPath,
        kKeySetPath, kRegistrationPath, kLivePath, kReadyPath, kMetricsPath})
    if (path == fixed) return true;
  return path.starts_with("/.well-known/") || path.starts_with("/health/") ||
         path.starts_with(std::string(kCheckPath) + "/") ||
         path.starts_with(std::string(kRegistrationPath) + "/");
}

bool is_ip_address(std::string_view text) {
  boost::system::error_code error;
  boost::asio::ip::make_address(text, error);
  return !error;
}

bool is_token_type(std::string_view text) { return !text.empty() && consists_of(text, "-._"); }

bool is_name(std::string_view text) {
  return !text.empty() && (is_letter(text.front()) || text.front() == '_') &&
         consists_of(text, "_-.");
}

std::optional<std::string> fault_in_parameter_name(std::string_view name) {
  constexpr std::size_t kNameBytesMax = 64;
  if (!is_name(name) || name.size() > kNameBytesMax)
    return "a name has 1 to 64 letters, digits, _, - and ., the first one a letter or _";
  std::string lower(name.substr(0, 3));
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  if (lower == "xml") return "names that begin with xml belong to XML itself";
  if (std::ranges::find(kMembersOfAnswers, name) != kMembersOfAnswers.end())
    return "is a member of an answer that a standard defines";
  return std::nullopt;
}

} // namespace assay::server
