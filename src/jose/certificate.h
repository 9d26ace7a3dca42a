// What an X.509 certificate says beside its key (RFC 5280). Internal to jose/.
#pragma once

#include "crypto/openssl.h"
#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::jose {

// Refused: dates or names that cannot be read, and a key usage that leaves out both
// digitalSignature and nonRepudiation (section 4.2.1.3): its key is not for signatures, as a JWK
// with another `use` than "sig". Not const, as OpenSSL keeps the extensions that it has read.
KeyResult<CertificateFacts> certificate_facts(X509& certificate);

} // namespace assay::jose
