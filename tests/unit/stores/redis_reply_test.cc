#include "stores/redis/redis_reply.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"

namespace assay::stores {
namespace {

using Kind = RedisReply::Kind;

TEST(RedisReader, ReadsEachKindOfReply) {
  RedisReader reader;
  reader.feed("+OK\r\n$3\r\na\r\n\r\n:-5\r\n-ERR wrong\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n");
  auto reply = reader.next();
  EXPECT_EQ(reply->kind, Kind::text);
  EXPECT_EQ(reply->text, "OK");
  reply = reader.next();
  EXPECT_EQ(reply->text, "a\r\n");
  reply = reader.next();
  EXPECT_EQ(reply->kind, Kind::integer);
  EXPECT_EQ(reply->integer, -5);
  reply = reader.next();
  EXPECT_TRUE(reply->is_error());
  EXPECT_EQ(reply->text, "ERR wrong");
  reply = reader.next();
  EXPECT_EQ(reply->kind, Kind::nothing);
  reply = reader.next();
  ASSERT_EQ(reply->elements.size(), 2U);
  EXPECT_EQ(reply->elements[1].elements.at(0).text, "");
  EXPECT_FALSE(reader.next());
}

TEST(RedisReader, WaitsForTheWholeReply) {
  RedisReader reader;
  const std::string bytes = "*2\r\n$5\r\nhello\r\n:12\r\n";
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    EXPECT_FALSE(reader.next());
    reader.feed(bytes.substr(at, 1));
  }
  EXPECT_EQ(reader.next()->elements.size(), 2U);
}

TEST(RedisReader, RefusesWhatIsNoReply) {
  RedisReader reader;
  reader.feed("HTTP/1.1 400 Bad Request\r\n");
  EXPECT_THROW(reader.next(), Unavailable);
}

TEST(RedisReader, RefusesAReplyThatDoesNotEnd) {
  RedisReader reader;
  reader.feed("$100000000\r\n");
  const std::string part(8UL * 1024 * 1024, 'a');
  EXPECT_THROW(
      for (int number = 0; number < 9; ++number) {
        reader.feed(part);
        reader.next();
      },
      Unavailable);
}

} // namespace
} // namespace assay::stores
