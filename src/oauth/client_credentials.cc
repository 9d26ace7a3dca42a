#include "oauth/client_credentials.h"

#include <algorithm>
#include <cctype>

#include "base/base64url.h"
#include "base/form_text.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::optional<std::string> owned(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

// RFC 9110 section 11: the scheme's name has no letter case, and one space or more follow it.
std::optional<std::string_view> basic_credentials(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  if (authorization.size() < kScheme.size()) return std::nullopt;
  const bool basic = std::ranges::equal(
      authorization.substr(0, kScheme.size()), kScheme,
      [](unsigned char sent, char wanted) { return std::tolower(sent) == wanted; });
  if (!basic) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  return authorization.substr(std::min(authorization.find_first_not_of(' '), authorization.size()));
}

Result<ClientCredentials> read_basic(std::string_view authorization) {
  const auto encoded = basic_credentials(authorization);
  if (!encoded) return refuse(Reason::authorization_malformed, "expected the scheme Basic");
  const auto pair = base64_decode(*encoded);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos)
    return refuse(Reason::authorization_malformed, "expected base64 of two halves with a colon");

  // RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
  auto client_id = form_decode(std::string_view(*pair).substr(0, colon));
  auto secret = form_decode(std::string_view(*pair).substr(colon + 1));
  if (!client_id || client_id->empty() || !secret || secret->empty())
    return refuse(Reason::authorization_malformed, "expected two form-encoded halves");
  return SecretCredentials{std::move(*client_id), Secret(std::move(*secret)),
                           registry::AuthMethod::client_secret_basic};
}

Result<ClientCredentials> read_assertion(const Parameters& parameters) {
  const auto type = parameters.find("client_assertion_type");
  const auto assertion = parameters.find("client_assertion");
  if (!type || !assertion)
    return refuse(Reason::parameter_missing,
                  "client_assertion and client_assertion_type go together");
  if (*type != kAssertionType) return refuse(Reason::client_assertion_type_unsupported);
  return AssertionCredentials{Secret(std::string(*assertion)), owned(parameters.find("client_id"))};
}

} // namespace

Result<ClientCredentials> read_client_credentials(std::optional<std::string_view> authorization,
                                                  const Parameters& parameters,
                                                  const PresentedKeys& keys) {
  const auto client_id = parameters.find("client_id");
  const auto secret = parameters.find("client_secret");
  const bool by_assertion =
      parameters.has("client_assertion") || parameters.has("client_assertion_type");

  const int methods = (authorization ? 1 : 0) + (secret ? 1 : 0) + (by_assertion ? 1 : 0);
  if (methods > 1) return refuse(Reason::client_authentication_repeated);

  if (authorization) {
    auto credentials = read_basic(*authorization);
    if (credentials && client_id &&
        *client_id != std::get<SecretCredentials>(*credentials).client_id)
      return refuse(Reason::client_mismatch, "client_id names another client than Authorization");
    return credentials;
  }
  if (by_assertion) return read_assertion(parameters);
  // RFC 8705 section 2: the parameter client_id says whose certificate it would be.
  if (!secret && client_id && keys.certificate)
    return CertificateCredentials{std::string(*client_id), keys.certificate};
  if (!secret) return NoCredentials{owned(client_id)};
  if (!client_id) return refuse(Reason::parameter_missing, "client_id");
  return SecretCredentials{std::string(*client_id), Secret(std::string(*secret)),
                           registry::AuthMethod::client_secret_post};
}

} // namespace assay::oauth
