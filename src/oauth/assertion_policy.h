// What is asked of an assertion, beyond a good signature.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "registry/application.h"

namespace assay::oauth {

// What an assertion is for. The rules of the two uses exclude each other, so that neither can be
// passed off as the other (RFC 8725 section 3.12).
enum class AssertionUse {
  authorization_grant,   // RFC 7523 section 2.1
  client_authentication, // RFC 7523 section 2.2, with the audience rule of its successor
};

struct AssertionPolicy {
  AssertionUse use = AssertionUse::authorization_grant;
  // Grant: any one of these must be in `aud`. Client authentication: the one of `aud` must be one
  // of these, as an assertion that is good for two servers can be played by one to the other.
  std::vector<std::string> audiences;
  // Client authentication: what `aud` may be as well, while the application is excepted
  // (Application::token_url_audience_until).
  std::vector<std::string> token_urls;
  std::chrono::seconds clock_skew{30};
  std::chrono::seconds longest_life{300}; // an application may have its own
  bool require_jti = false;               // so may it here
  bool require_subject = false;
};

} // namespace assay::oauth
