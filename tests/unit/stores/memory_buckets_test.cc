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

TEST(TokenBucket, IsOverWhenATokenThatWasExtendedExpires) {
  TokenBucket bucket;
  auto refresh = hour_token("one");
  refresh.kind = oauth::TokenKind::refresh;
  bucket.put(refresh);
  EXPECT_TRUE(bucket.is_good(refresh.key.digest, kTokenTime));
  bucket.extend(refresh.key.digest, refresh.expires_at + 1h);
  EXPECT_EQ(bucket.over_at(), refresh.expires_at + 1h);
  EXPECT_TRUE(bucket.is_good(refresh.key.digest, refresh.expires_at));
  bucket.rotate(refresh.key.digest);
  EXPECT_FALSE(bucket.is_good(refresh.key.digest, refresh.expires_at));
}

TEST(AnswerBucket, HasAnAnswerUntilItCannotBeRepeated) {
  AnswerBucket bucket;
  const auto rotated = hour_token("one").key.digest;
  const auto successor = hour_token("two");
  EXPECT_EQ(bucket.find(rotated, kTokenTime), nullptr);
  bucket.put(rotated, {successor, "sealed", kTokenTime + 10s});
  ASSERT_TRUE(bucket.find(rotated, kTokenTime + 10s - 1us));
  EXPECT_EQ(bucket.find(rotated, kTokenTime)->sealed, "sealed");
  EXPECT_EQ(bucket.find(rotated, kTokenTime)->successor.digest, successor.key.digest);
  EXPECT_EQ(bucket.find(rotated, kTokenTime + 10s), nullptr);
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
