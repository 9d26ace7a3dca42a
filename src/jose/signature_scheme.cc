#include "jose/signature_scheme.h"

#include <openssl/rsa.h>

#include "base/assert.h"

namespace assay::jose {

namespace {

// RFC 7518 section 3.5: a salt as long as the hash; the same hash for MGF1, which OpenSSL does
// unless it is told otherwise.
bool set_pss(EVP_PKEY_CTX& context) {
  return EVP_PKEY_CTX_set_rsa_padding(&context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(&context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

} // namespace

const EVP_MD* digest_of(Algorithm algorithm) {
  switch (algorithm) {
  case Algorithm::rs256:
  case Algorithm::ps256:
  case Algorithm::es256: return EVP_sha256();
  case Algorithm::rs384:
  case Algorithm::ps384:
  case Algorithm::es384: return EVP_sha384();
  case Algorithm::rs512:
  case Algorithm::ps512:
  case Algorithm::es512: return EVP_sha512();
  case Algorithm::eddsa:
  case Algorithm::ed25519:
  case Algorithm::ed448: return nullptr;
  }
  ASSAY_ASSERT(false, "an Algorithm");
}

bool set_padding(EVP_PKEY_CTX& context, Algorithm algorithm) {
  switch (algorithm) {
  case Algorithm::rs256:
  case Algorithm::rs384:
  case Algorithm::rs512: return EVP_PKEY_CTX_set_rsa_padding(&context, RSA_PKCS1_PADDING) == 1;
  case Algorithm::ps256:
  case Algorithm::ps384:
  case Algorithm::ps512: return set_pss(context);
  case Algorithm::es256:
  case Algorithm::es384:
  case Algorithm::es512:
  case Algorithm::eddsa:
  case Algorithm::ed25519:
  case Algorithm::ed448: return true;
  }
  ASSAY_ASSERT(false, "an Algorithm");
}

} // namespace assay::jose
