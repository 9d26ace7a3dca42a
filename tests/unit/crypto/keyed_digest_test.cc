#include "crypto/keyed_digest.h"

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

TEST(KeyedDigest, DependsOnTheSecretThePurposeAndTheText) {
  const KeyedDigest digest("secret", "one");
  EXPECT_EQ(digest.of("text"), KeyedDigest("secret", "one").of("text"));
  EXPECT_NE(digest.of("text"), digest.of("text "));
  EXPECT_NE(digest.of("text"), KeyedDigest("secret", "two").of("text"));
  EXPECT_NE(digest.of("text"), KeyedDigest("secret2", "one").of("text"));
}

// RFC 5869 appendix A.3, the first block of the output: no salt, no info.
TEST(DerivedKey, IsThatOfHkdf) {
  const DerivedKey key = derive_key(std::string(22, '\x0B'), "");
  EXPECT_EQ(Digest(key).hex(), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

} // namespace
} // namespace assay::crypto
