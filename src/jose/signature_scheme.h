// The digest and the padding that an algorithm signs with. Internal to jose/.
#pragma once

#include "crypto/openssl.h"
#include "jose/algorithm.h"

namespace assay::jose {

// Null for the Edwards curves: they hash by themselves.
const EVP_MD* digest_of(Algorithm algorithm);

// On a context that was initialised for signing or verifying with that digest. False if OpenSSL
// refuses.
bool set_padding(EVP_PKEY_CTX& context, Algorithm algorithm);

} // namespace assay::jose
