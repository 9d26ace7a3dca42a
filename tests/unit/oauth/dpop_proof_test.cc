#include "oauth/dpop_proof.h"

#include <gtest/gtest.h>

#include "support/keys.h"
#include "support/proofs.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

// RFC 9449 section 4.2.
TEST(DpopProof, HasWhatItIsFor) {
  const auto proof = parse_dpop_proof(testing::proof_by(
      testing::ec_key(), kNow,
      {.method = "GET", .url = "https://a/b", .id = "1", .more = {{"nonce", "n"}, {"ath", "t"}}}));
  ASSERT_TRUE(proof) << proof.error().detail;
  EXPECT_EQ(proof->jws.header.algorithm, jose::Algorithm::es256);
  EXPECT_EQ(key_in(*proof)->at("kty"), "EC");
  EXPECT_EQ(proof->id, "1");
  EXPECT_EQ(proof->method, "GET");
  EXPECT_EQ(proof->url, "https://a/b");
  EXPECT_EQ(proof->issued_at, kNow);
  EXPECT_EQ(proof->nonce, "n");
  EXPECT_EQ(proof->token_hash, "t");
}

TEST(DpopProof, MayBeWithoutNonceAndTokenHash) {
  const auto proof = parse_dpop_proof(testing::proof_by(testing::ec_key(), kNow));
  ASSERT_TRUE(proof);
  EXPECT_FALSE(proof->nonce);
  EXPECT_FALSE(proof->token_hash);
}

// Old libraries pad assertions; nothing that makes proofs is so old.
TEST(DpopProof, HasNoPadding) {
  const std::string proof = testing::proof_by(testing::ec_key(), kNow);
  EXPECT_EQ(reason_of(parse_dpop_proof(proof + "==")), Reason::dpop_malformed);
}

} // namespace
} // namespace assay::oauth
