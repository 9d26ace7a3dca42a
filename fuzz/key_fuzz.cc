// Whatever the bytes are, the readers of keys refuse them or read a key that they write down and
// read again as the same, that verifies nothing without a signature, and leave OpenSSL's error
// queue empty.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "crypto/openssl.h"
#include "jose/jwk.h"
#include "jose/jwk_set.h"
#include "jose/pem.h"
#include "jose/private_key.h"

namespace {

using namespace assay;

void try_key(const jose::PublicKey& key) {
  const auto from_jwk = jose::parse_jwk(key.to_jwk());
  const auto from_pem = jose::parse_pem(key.to_pem());
  ASSAY_ASSERT(from_jwk && from_jwk->thumbprint() == key.thumbprint(), "the same key from its JWK");
  ASSAY_ASSERT(from_pem && from_pem->thumbprint() == key.thumbprint(), "the same key from its PEM");
  for (const jose::Algorithm algorithm : jose::all_algorithms())
    ASSAY_ASSERT(!key.verify(algorithm, "text", ""), "nothing verified");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto key = jose::parse_jwk(text)) try_key(*key);
  if (const auto key = jose::parse_pem(text)) try_key(*key);
  if (const auto keys = jose::parse_jwk_set(text)) {
    for (const jose::PublicKey& key : *keys)
      try_key(key);
  }
  if (const auto key = jose::parse_private_key(text)) try_key(key->public_key());
  ASSAY_ASSERT(ERR_peek_error() == 0, "an empty error queue");
  return 0;
}
