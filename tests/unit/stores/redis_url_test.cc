#include "stores/redis/redis_url.h"

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

using namespace std::chrono_literals;

RedisUrl parsed(std::string_view text) {
  auto url = parse_redis_url(text);
  if (!url) throw std::runtime_error(url.error());
  return *std::move(url);
}

std::string fault_of(std::string_view text) {
  const auto url = parse_redis_url(text);
  return url ? "" : url.error();
}

TEST(RedisUrl, NamesAHostAndTheUsualPort) {
  const RedisUrl url = parsed("redis://redis.example");
  EXPECT_EQ(url.topology, RedisTopology::single);
  EXPECT_EQ(url.transport, RedisTransport::plain);
  ASSERT_EQ(url.endpoints.size(), 1U);
  EXPECT_EQ(url.endpoints[0].text(), "redis.example:6379");
  EXPECT_EQ(url.database, 0U);
  EXPECT_TRUE(url.password.empty());
  EXPECT_EQ(url.prefix, "assay:");
  EXPECT_EQ(url.replicas, 0U);
}

TEST(RedisUrl, NamesUserPasswordPortAndDatabase) {
  const RedisUrl url = parsed("rediss://assay:p%40ss:w+rd@[::1]:7000/3");
  EXPECT_EQ(url.transport, RedisTransport::tls);
  EXPECT_EQ(url.user, "assay");
  EXPECT_EQ(url.password.reveal(), "p@ss:w+rd");
  EXPECT_EQ(url.endpoints[0], (RedisEndpoint{"::1", 7000}));
  EXPECT_EQ(url.endpoints[0].text(), "[::1]:7000");
  EXPECT_EQ(url.database, 3U);
}

TEST(RedisUrl, NamesAPasswordOfTheDefaultUser) {
  const RedisUrl url = parsed("redis://:secret@host");
  EXPECT_TRUE(url.user.empty());
  EXPECT_EQ(url.password.reveal(), "secret");
}

TEST(RedisUrl, NamesTheNodesOfACluster) {
  const RedisUrl url = parsed("redis+cluster://one:7000,two,[fe80::1]:7002");
  EXPECT_EQ(url.topology, RedisTopology::cluster);
  EXPECT_EQ(url.endpoints,
            (std::vector<RedisEndpoint>{{"one", 7000}, {"two", 6379}, {"fe80::1", 7002}}));
  EXPECT_EQ(parsed("rediss+cluster://one").transport, RedisTransport::tls);
}

TEST(RedisUrl, HasParameters) {
  const RedisUrl url = parsed("rediss://u@h?password_file=redis.password&prefix=a-1.b:&ca=ca.pem&"
                              "cert=c.pem&key=k.pem&wait=2&wait_timeout=50&timeout=300&"
                              "connections=4&queue=100");
  EXPECT_EQ(url.password_file, "redis.password");
  EXPECT_EQ(url.prefix, "a-1.b:");
  EXPECT_EQ(url.ca_file, "ca.pem");
  EXPECT_EQ(url.certificate_file, "c.pem");
  EXPECT_EQ(url.key_file, "k.pem");
  EXPECT_EQ(url.replicas, 2U);
  EXPECT_EQ(url.replicas_wait, 50ms);
  EXPECT_EQ(url.timeout, 300ms);
  EXPECT_EQ(url.connections, 4U);
  EXPECT_EQ(url.waiting_max, 100U);
}

TEST(RedisUrl, IsRefusedIfItIsNone) {
  for (const char* text :
       {"", "redis:", "redis:host", "http://host", "redis://", "redis://:1", "redis://host:0",
        "redis://host:65536", "redis://host:x", "redis://one,two", "redis://[::1", "redis://[::1]x",
        "redis://host/x", "redis+cluster://one/1", "redis://ho st", "redis+cluster://one,,two",
        "redis://%zz:a@host"})
    EXPECT_NE(fault_of(text), "") << text;
}

TEST(RedisUrl, IsRefusedForAParameterThatIsNotAllowed) {
  for (const char* text :
       {"nothing=1", "wait", "wait=-1", "wait=17", "wait=1&wait=1", "timeout=0", "connections=0",
        "queue=0", "prefix=a{b}", "prefix=a*", "ca=", "prefix=%zz", "wait=1x"})
    EXPECT_NE(fault_of(std::string("rediss://host?") + text), "") << text;
}

TEST(RedisUrl, IsRefusedIfItContradictsItself) {
  for (const char* text :
       {"redis://:a@host?password_file=b", "redis://user@host", "redis://host?ca=ca.pem",
        "redis://host?cert=a&key=b", "rediss://host?cert=a", "rediss://host?key=a"})
    EXPECT_NE(fault_of(text), "") << text;
}

// The fault goes to the log and to whoever runs a check of the settings.
TEST(RedisUrl, SaysNothingOfItsPassword) {
  for (const char* text :
       {"redis://user:hush@", "redis://user:hush@host:x", "redis://user:hush%zz@host",
        "redis://user:hush@host?hush=hush", "redis://user:hush@host/hush", "redis://hush@host"}) {
    EXPECT_NE(fault_of(text), "");
    EXPECT_FALSE(fault_of(text).contains("hush")) << text;
  }
}

} // namespace
} // namespace assay::stores
