#include "stores/redis/redis_command.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

using Kind = RedisFault::Kind;

const RedisEndpoint kAsked{"10.0.0.9", 7009};

TEST(RedisCommand, IsAnArrayOfBulkStrings) {
  std::string bytes = "before";
  append_redis_command(bytes, {"SET", std::string_view("a\r\n\0", 4), ""});
  EXPECT_EQ(bytes,
            "before*3\r\n$3\r\nSET\r\n$4\r\na\r\n" + std::string(1, '\0') + "\r\n$0\r\n\r\n");
}

TEST(RedisFault, LeadsToAnotherNode) {
  const RedisFault moved = RedisFault::of("MOVED 3999 10.0.0.1:7001", kAsked);
  EXPECT_EQ(moved.kind, Kind::moved);
  EXPECT_EQ(moved.node, (RedisEndpoint{"10.0.0.1", 7001}));
  const RedisFault ask = RedisFault::of("ASK 3999 fe80::1:7001", kAsked);
  EXPECT_EQ(ask.kind, Kind::ask);
  EXPECT_EQ(ask.node, (RedisEndpoint{"fe80::1", 7001}));
}

TEST(RedisFault, LeadsToTheHostThatWasAskedIfItNamesNone) {
  for (const char* error : {"MOVED 3999 :7001", "MOVED 3999 ?:7001"})
    EXPECT_EQ(RedisFault::of(error, kAsked).node, (RedisEndpoint{"10.0.0.9", 7001}));
}

TEST(RedisFault, TellsWhatIsWorthAnotherTry) {
  for (const char* error : {"TRYAGAIN Multiple keys request during rehashing of slot",
                            "CLUSTERDOWN The cluster is down", "LOADING Redis is loading",
                            "MASTERDOWN Link with MASTER is down"})
    EXPECT_EQ(RedisFault::of(error, kAsked).kind, Kind::not_now) << error;
  EXPECT_EQ(RedisFault::of("READONLY You can't write against a read only replica.", kAsked).kind,
            Kind::read_only);
  EXPECT_EQ(RedisFault::of("NOSCRIPT No matching script.", kAsked).kind, Kind::script_gone);
}

TEST(RedisFault, TakesAllElseForARefusal) {
  for (const char* error :
       {"", "ERR unknown command", "OOM command not allowed", "MISCONF", "NOPERM", "MOVEDX 1 a:1",
        "MOVED 3999", "MOVED 3999 nowhere", "MOVED 3999 a:0", "MOVED 3999 a:1x", "ASK"})
    EXPECT_EQ(RedisFault::of(error, kAsked).kind, Kind::refused) << error;
}

} // namespace
} // namespace assay::stores
