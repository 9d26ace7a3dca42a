#include "oauth/presented_token.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace assay::oauth {

namespace {

// RFC 9110 section 11.1: a scheme's name has no letter case.
bool is_named(std::string_view scheme, std::string_view name) {
  return std::ranges::equal(
      scheme, name, [](unsigned char sent, char wanted) { return std::tolower(sent) == wanted; });
}

std::optional<TokenScheme> scheme_named(std::string_view scheme) {
  if (is_named(scheme, "bearer")) return TokenScheme::bearer;
  if (is_named(scheme, "dpop")) return TokenScheme::dpop;
  return std::nullopt;
}

// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
bool is_b64token(std::string_view text) {
  const auto last = text.find_last_not_of('=');
  if (last == std::string_view::npos) return false;
  return std::ranges::all_of(text.substr(0, last + 1), [](unsigned char character) {
    return (std::isalnum(character) != 0 && character < 0x80U) ||
           std::string_view("-._~+/").contains(static_cast<char>(character));
  });
}

} // namespace

Result<PresentedToken> read_presented_token(std::optional<std::string_view> authorization) {
  const std::string_view value = authorization.value_or(std::string_view());
  const std::size_t end = std::min(value.find(' '), value.size());
  const auto scheme = scheme_named(value.substr(0, end));
  if (!scheme) return refuse(Reason::token_missing, "expected the scheme Bearer or DPoP");
  const std::size_t begin = std::min(value.find_first_not_of(' ', end), value.size());
  const std::string_view token = value.substr(begin);
  if (!is_b64token(token))
    return refuse(Reason::token_malformed, "expected one token of RFC 6750's characters");
  return PresentedToken{*scheme, Secret(std::string(token))};
}

} // namespace assay::oauth
