// Grants while a Redis Cluster moves its slots and loses its masters.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/open.h"
#include "stores/redis/redis_client.h"
#include "support/redis.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using stores::RedisCommand;
using stores::RedisEndpoint;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::result_of;

namespace {

class RedisClusterChanges : public ::testing::Test {
protected:
  // What became of grants that were made one after the other.
  struct Diary {
    std::vector<std::string> stored;
    int unavailable = 0;
    int used_before = 0;
  };

  void grant(Diary& diary) {
    const std::string name = "grant " + std::to_string(granted_++);
    try {
      const auto outcome =
          result_of(store_.store().issue({hour_token(name), {}, claim_of(name)}, kTokenTime));
      if (outcome == IssueOutcome::stored)
        diary.stored.push_back(name);
      else
        ++diary.used_before;
    } catch (const Unavailable&) {
      ++diary.unavailable;
    }
  }

  Diary grant_during(const std::function<void()>& change) {
    Diary diary;
    std::atomic<bool> done = false;
    std::jthread changing([&] {
      change();
      done = true;
    });
    while (!done)
      grant(diary);
    return diary;
  }

  void expect_all_there(const Diary& diary) {
    for (const std::string& name : diary.stored) {
      EXPECT_TRUE(result_of(store_.store().find(hour_token(name).key, kTokenTime))) << name;
      EXPECT_EQ(result_of(store_.store().claim(claim_of(name), kTokenTime)),
                IssueOutcome::used_before)
          << name;
    }
  }

  std::string id_of(const RedisEndpoint& node) {
    return operator_.call_and_wait(RedisCommand::to(node, {"CLUSTER", "MYID"})).text;
  }

  std::vector<RedisEndpoint> masters() {
    operator_.call_and_wait(RedisCommand::read("any", {"EXISTS", "any"}));
    return operator_.masters();
  }

  void reshard(const RedisEndpoint& from, const RedisEndpoint& to, int slots) {
    const std::string command =
        fmt::format("redis-cli --cluster reshard {} --cluster-from {} --cluster-to {} "
                    "--cluster-slots {} --cluster-yes >/dev/null",
                    from.text(), id_of(from), id_of(to), slots);
    EXPECT_EQ(std::system(command.c_str()), 0); // NOLINT(concurrency-mt-unsafe)
  }

  testing::RedisServers servers_{"start-cluster"};
  stores::RedisClient operator_{*stores::parse_redis_url(servers_.url()), {}};
  stores::OpenTokenStore store_ =
      stores::open_token_store(servers_.url("timeout=10000&wait=1"), servers_.folder());
  int granted_ = 0;
};

TEST_F(RedisClusterChanges, OfSlotsKeepNobodyWaitingInVain) {
  const auto nodes = masters();
  ASSERT_EQ(nodes.size(), 3U);
  Diary before;
  for (int number = 0; number < 300; ++number)
    grant(before);
  const Diary during = grant_during([&] { reshard(nodes[0], nodes[1], 300); });
  EXPECT_GT(during.stored.size(), 10U);
  EXPECT_EQ(during.unavailable, 0);
  EXPECT_EQ(during.used_before, 0);
  expect_all_there(before);
  expect_all_there(during);
}

// A slot that is half way: what it had is still here, what is new goes there (ASK).
TEST_F(RedisClusterChanges, OfOneSlotAreFollowedBothWays) {
  const auto nodes = masters();
  const std::string name = "half way";
  const oauth::ReplayClaim claim = claim_of(name);
  const std::string key = "assay:c:" + claim.digest.base64url();
  const std::uint16_t slot = stores::redis_slot(key);
  const RedisEndpoint from = *operator_.slots().master_of(slot);
  const RedisEndpoint to = nodes[0] == from ? nodes[1] : nodes[0];
  const std::string number = std::to_string(slot);
  const auto tell = [&](const RedisEndpoint& node, std::vector<std::string> arguments) {
    operator_.call_and_wait(RedisCommand::to(node, std::move(arguments)));
  };
  tell(to, {"CLUSTER", "SETSLOT", number, "IMPORTING", id_of(from)});
  tell(from, {"CLUSTER", "SETSLOT", number, "MIGRATING", id_of(to)});

  const auto issued = [&] {
    return result_of(store_.store().issue({hour_token(name), {}, claim}, kTokenTime));
  };
  EXPECT_EQ(issued(), IssueOutcome::stored);
  EXPECT_EQ(issued(), IssueOutcome::used_before);
  tell(to, {"CLUSTER", "SETSLOT", number, "NODE", id_of(to)});
  tell(from, {"CLUSTER", "SETSLOT", number, "NODE", id_of(to)});
  EXPECT_EQ(issued(), IssueOutcome::used_before);
  EXPECT_TRUE(result_of(store_.store().seen(claim, kTokenTime)));
}

TEST_F(RedisClusterChanges, OfAMasterGoOnWithItsReplica) {
  const auto nodes = masters();
  Diary before;
  for (int number = 0; number < 300; ++number)
    grant(before);
  EXPECT_EQ(before.unavailable, 0);
  const Diary during = grant_during([&] {
    servers_.kill(nodes[0].port);
    // Its replica needs the votes of the others.
    for (auto now = masters(); std::ranges::find(now, nodes[0]) != now.end(); now = masters())
      std::this_thread::sleep_for(50ms);
  });
  EXPECT_EQ(during.used_before, 0);
  // The replica that was made a master has none itself: what is in its slots falls short of wait=1.
  store_ = stores::open_token_store(servers_.url(), servers_.folder());
  Diary after;
  for (int number = 0; number < 100; ++number)
    grant(after);
  EXPECT_EQ(after.unavailable, 0);
  EXPECT_EQ(after.stored.size(), 100U);
  expect_all_there(before);
  expect_all_there(during);
  // Of those that were unavailable nothing is known.
  const std::size_t stored = before.stored.size() + during.stored.size() + after.stored.size();
  const std::uint64_t counted = store_.catalogue().count({}, kTokenTime).access;
  EXPECT_GE(counted, stored);
  EXPECT_LE(counted, stored + static_cast<std::size_t>(during.unavailable));
}

TEST_F(RedisClusterChanges, LeaveACheckToTellOfSlotsWithoutAMaster) {
  const auto open = [&] {
    return stores::open_token_store(servers_.url("timeout=500"), servers_.folder());
  };
  const auto store = open();
  EXPECT_NO_THROW(store.catalogue().check());
  for (const RedisEndpoint& master : masters())
    servers_.kill(master.port);
  EXPECT_THROW(store.catalogue().check(), Unavailable);
  EXPECT_THROW(open(), Unavailable);
}

TEST_F(RedisClusterChanges, AreNotForASingleRedis) {
  const std::string node = masters().front().text();
  try {
    stores::open_token_store("redis://" + node, servers_.folder());
    FAIL();
  } catch (const Unavailable& fault) {
    EXPECT_TRUE(std::string(fault.what()).contains("redis+cluster://")) << fault.what();
  }
}

} // namespace
} // namespace assay::contract
