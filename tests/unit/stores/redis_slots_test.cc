#include "stores/redis/redis_slots.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

const RedisEndpoint kAsked{"10.0.0.9", 7009};

RedisReply integer(std::int64_t number) {
  return {.kind = RedisReply::Kind::integer, .text = {}, .integer = number, .elements = {}};
}

RedisReply text(const std::string& text) {
  return {.kind = RedisReply::Kind::text, .text = text, .integer = 0, .elements = {}};
}

RedisReply list(std::vector<RedisReply> elements) {
  return {
      .kind = RedisReply::Kind::array, .text = {}, .integer = 0, .elements = std::move(elements)};
}

RedisReply range(std::int64_t first, std::int64_t last, const RedisReply& host, std::int64_t port) {
  return list({integer(first), integer(last), list({host, integer(port), text("id")}),
               list({text("replica"), integer(1), text("id")})});
}

// CRC16 of the example of the cluster's specification, and what redis-cli says of the others.
TEST(RedisSlot, IsTheOneOfTheSpecification) {
  EXPECT_EQ(redis_slot("123456789"), 0x31C3);
  EXPECT_EQ(redis_slot("foo"), 12182);
  EXPECT_EQ(redis_slot(""), 0);
}

TEST(RedisSlot, IsThatOfTheHashTag) {
  EXPECT_EQ(redis_slot("a:{foo}:b"), redis_slot("foo"));
  EXPECT_EQ(redis_slot("{foo}{bar}"), redis_slot("foo"));
  EXPECT_EQ(redis_slot("{{foo}}"), redis_slot("{foo"));
  EXPECT_NE(redis_slot("a{}foo"), redis_slot("foo"));
  EXPECT_NE(redis_slot("a{foo"), redis_slot("foo"));
}

TEST(RedisSlots, HaveTheMastersOfTheReply) {
  const auto slots = RedisSlots::of(
      list({range(0, 100, text("10.0.0.1"), 7001), range(101, 16'383, text("10.0.0.2"), 7002)}),
      kAsked);
  EXPECT_TRUE(slots.has_all());
  EXPECT_EQ(*slots.master_of(100), (RedisEndpoint{"10.0.0.1", 7001}));
  EXPECT_EQ(*slots.master_of(101), (RedisEndpoint{"10.0.0.2", 7002}));
  EXPECT_EQ(slots.masters().size(), 2U);
}

TEST(RedisSlots, TakeTheNodeThatWasAskedForOneWithoutAName) {
  for (const RedisReply& unnamed : {RedisReply(), text(""), text("?")}) {
    const auto slots = RedisSlots::of(list({range(0, 5, unnamed, 7001)}), kAsked);
    EXPECT_EQ(*slots.master_of(5), (RedisEndpoint{"10.0.0.9", 7001}));
  }
}

TEST(RedisSlots, CanBeWithoutAMaster) {
  const auto slots = RedisSlots::of(list({range(0, 5, text("10.0.0.1"), 7001)}), kAsked);
  EXPECT_EQ(slots.master_of(6), nullptr);
  EXPECT_FALSE(slots.has_all());
  EXPECT_TRUE(RedisSlots().masters().empty());
}

TEST(RedisSlots, LeaveOutWhatIsNoRange) {
  const auto slots = RedisSlots::of(
      list({list({}), integer(5), range(-1, 5, text("a"), 1), range(0, 16'384, text("a"), 1),
            range(0, 5, text("a"), 0), range(0, 5, text("a"), 65'536),
            list({integer(0), integer(5), list({})})}),
      kAsked);
  EXPECT_TRUE(slots.masters().empty());
}

TEST(RedisSlots, CanBeCorrectedOneByOne) {
  auto slots = RedisSlots::of(list({range(0, 16'383, text("a"), 1)}), kAsked);
  slots.set_master(7, {"b", 2});
  EXPECT_EQ(*slots.master_of(7), (RedisEndpoint{"b", 2}));
  EXPECT_EQ(*slots.master_of(8), (RedisEndpoint{"a", 1}));
  EXPECT_EQ(slots.masters().size(), 2U);
}

} // namespace
} // namespace assay::stores
