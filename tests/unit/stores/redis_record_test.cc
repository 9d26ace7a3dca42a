#include "stores/redis/redis_record.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using testing::hour_token;
using testing::kTokenTime;

TEST(RedisRecord, IsReadAsItWasWritten) {
  oauth::TokenRecord record = hour_token("one");
  record.kind = oauth::TokenKind::refresh;
  record.client_id = "a client 7 ";
  record.family = "red";
  record.parameters = {{"tenant", "north"}};
  const oauth::TokenRecord read = decode_redis_record(encode_redis_record(record));
  EXPECT_EQ(read.kind, record.kind);
  EXPECT_EQ(read.client_id, record.client_id);
  EXPECT_EQ(read.expires_at, record.expires_at);
  EXPECT_EQ(read.issued_at, record.issued_at);
  EXPECT_EQ(read.family, record.family);
  EXPECT_EQ(read.parameters, record.parameters);
  EXPECT_FALSE(read.is_rotated);
}

TEST(RedisRecord, IsUnavailableIfItIsDamaged) {
  const std::string record = encode_redis_record(hour_token("one"));
  for (std::size_t bytes = 0; bytes < record.size(); ++bytes)
    EXPECT_THROW(decode_redis_record(record.substr(0, bytes)), Unavailable) << bytes;
  EXPECT_THROW(decode_redis_record("x" + record.substr(1)), Unavailable);
}

TEST(RedisRecord, HasAnAnswerOfThreeParts) {
  const auto digest = crypto::sha256("successor");
  const auto answer =
      decode_redis_answer(redis_time(kTokenTime) + " " + digest.base64url() + " sealed bytes");
  EXPECT_EQ(answer.repeatable_until, kTokenTime);
  EXPECT_EQ(answer.successor.digest, digest);
  EXPECT_EQ(answer.sealed, "sealed bytes");
  EXPECT_TRUE(decode_redis_answer("1 " + digest.base64url() + " ").sealed.empty());
  for (const std::string& text :
       {std::string(), std::string("1"), "1 " + digest.base64url(), std::string("1 short x")})
    EXPECT_THROW(decode_redis_answer(text), Unavailable) << text;
}

TEST(RefreshState, SaysWhenItEndsAndWhetherItWasRotated) {
  const RefreshState live = RefreshState::of(redis_time(kTokenTime));
  EXPECT_EQ(live.expires_at, kTokenTime);
  EXPECT_FALSE(live.is_rotated);
  const RefreshState rotated = RefreshState::of("r" + redis_time(kTokenTime));
  EXPECT_EQ(rotated.expires_at, kTokenTime);
  EXPECT_TRUE(rotated.is_rotated);
  for (const char* text : {"", "r", "x1", "1x"})
    EXPECT_THROW(RefreshState::of(text), Unavailable) << text;
}

} // namespace
} // namespace assay::stores
