#include "jose/public_key_parts.h"

#include <gtest/gtest.h>

#include "jose/key_material.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

PublicKey::Parts parts_of(KeyType type) {
  return PublicKey::Parts(read_key_material(public_jwk(type), KeyHalf::public_only).value());
}

TEST(PublicKeyParts, HasTheRawKeyOfEd25519) {
  const PublicKey::Parts parts = parts_of(KeyType::ed25519);
  EXPECT_EQ(base64url_encode(parts.ed25519), public_jwk(KeyType::ed25519).at("x").as_string());
}

// The digest of what RFC 7638 section 3 writes down, spelt out here by hand.
TEST(PublicKeyParts, HasTheThumbprintOfItsRequiredMembers) {
  const std::string x(public_jwk(KeyType::ed25519).at("x").as_string());
  EXPECT_EQ(parts_of(KeyType::ed25519).thumbprint,
            crypto::sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + x + R"("})"));
}

} // namespace
} // namespace assay::jose
