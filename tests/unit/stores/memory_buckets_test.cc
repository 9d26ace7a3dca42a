#include "stores/memory/memory_buckets.h"

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;

oauth::TokenRecord of_family(const std::string& name, const std::string& family) {
  oauth::TokenRecord record = hour_token(name);
  record.family = family;
  return record;
}

TEST(TokenBucket, IsOverWhenTheLastOfItsTokensExpires) {
  TokenBucket bucket;
  auto longer = hour_token("longer");
  longer.expires_at += 1s;
  bucket.put(longer);
  bucket.put(hour_token("one"));
  EXPECT_EQ(bucket.over_at(), longer.expires_at);
}

TEST(TokenBucket, ErasesAFamilyAndNobodyElse) {
  TokenBucket bucket;
  bucket.put(of_family("one", "red"));
  bucket.put(of_family("two", "red"));
  bucket.put(of_family("three", "blue"));
  bucket.put(hour_token("alone"));
  bucket.erase_family("red");
  EXPECT_EQ(bucket.size(), 2U);
  EXPECT_TRUE(bucket.find(hour_token("three").key, kTokenTime));
  EXPECT_TRUE(bucket.find(hour_token("alone").key, kTokenTime));
}

TEST(TokenBucket, ErasesAFamilyOfWhichOneIsGoneAlready) {
  TokenBucket bucket;
  bucket.put(of_family("one", "red"));
  bucket.put(of_family("two", "red"));
  EXPECT_TRUE(bucket.erase(hour_token("one").key.digest));
  bucket.erase_family("red");
  EXPECT_EQ(bucket.size(), 0U);
}

TEST(ClaimBucket, HasAClaimUntilItEnds) {
  ClaimBucket bucket;
  const auto claim = claim_of("jti", 330s);
  EXPECT_FALSE(bucket.has(claim.digest, kTokenTime));
  bucket.put(claim);
  EXPECT_TRUE(bucket.has(claim.digest, claim.acceptable_until - 1us));
  EXPECT_FALSE(bucket.has(claim.digest, claim.acceptable_until));
}

} // namespace
} // namespace assay::stores
