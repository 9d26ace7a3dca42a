// Whether a client certificate is an application's (RFC 8705 section 2).
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "crypto/peer_certificate.h"
#include "registry/application.h"
#include "registry/key_cache.h"

namespace assay::oauth {

// By which method it is. An application that has registered a name in certificates is known by it
// alone (tls_client_auth), and only in one that a CA vouches for; else the certificate's key must
// be one of the application's, and who signed the certificate is not looked at. Reasons:
// client_certificate_malformed, client_certificate_untrusted, client_certificate_unregistered.
Result<registry::AuthMethod> match_certificate(const crypto::PeerCertificate& certificate,
                                               const registry::Application& application,
                                               registry::KeyCache& keys, TimePoint now);

} // namespace assay::oauth
