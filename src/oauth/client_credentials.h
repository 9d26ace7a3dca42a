// How a client presented itself (RFC 6749 section 2.3, RFC 7521 section 4.2), before anybody
// checked it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/peer_certificate.h"
#include "oauth/parameters.h"
#include "oauth/presented_keys.h"
#include "registry/application.h"

namespace assay::oauth {

// A name alone proves nothing.
struct NoCredentials {
  std::optional<std::string> client_id;
};

struct SecretCredentials {
  std::string client_id;
  Secret secret;
  registry::AuthMethod method; // client_secret_basic or client_secret_post
};

// A client assertion (RFC 7523 section 2.2).
struct AssertionCredentials {
  Secret assertion;
  std::optional<std::string> client_id;
};

// TLS proved that the client has the certificate's key; whose it is is to be judged (RFC 8705
// section 2).
struct CertificateCredentials {
  std::string client_id;
  std::shared_ptr<const crypto::PeerCertificate> certificate; // never null
};

using ClientCredentials =
    std::variant<NoCredentials, SecretCredentials, AssertionCredentials, CertificateCredentials>;

// `authorization` is the Authorization header's value, if there is one. Two methods in one request
// are refused (RFC 6749 section 2.3); a certificate counts as one where there is no other, as it
// may be there for the binding of tokens alone. Reasons: authorization_malformed,
// client_authentication_repeated, client_assertion_type_unsupported, parameter_missing.
Result<ClientCredentials> read_client_credentials(std::optional<std::string_view> authorization,
                                                  const Parameters& parameters,
                                                  const PresentedKeys& keys);

} // namespace assay::oauth
