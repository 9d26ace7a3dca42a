#include "jose/ed25519.h"

#include <sodium.h>

#include "base/assert.h"
#include "crypto/openssl.h"

namespace assay::jose {

namespace {

// libsodium wants it before anything else.
void be_ready() {
  static const int outcome = sodium_init();
  ASSAY_ASSERT(outcome >= 0, "libsodium");
}

} // namespace

bool is_ed25519_public_key(Ed25519Key encoded) {
  be_ready();
  return crypto_core_ed25519_is_valid_point(encoded.data()) == 1;
}

bool verify_ed25519(Ed25519Key key, std::string_view text, std::string_view signature) {
  be_ready();
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(crypto::bytes_of(signature), crypto::bytes_of(text),
                                     text.size(), key.data()) == 0;
}

} // namespace assay::jose
