// What only a store on a Redis meets: servers that die or stop, queues that are full, settings that
// promise too little.
#include <csignal>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
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
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::result_of;

namespace {

// The sentence of what is thrown; empty if nothing is.
std::string fault_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Unavailable& fault) {
    return fault.what();
  }
  return "";
}

class RedisFaults : public ::testing::Test {
protected:
  stores::OpenTokenStore open(const std::string& parameters = "timeout=10000") const {
    return stores::open_token_store(servers_.url(parameters), servers_.folder());
  }

  static oauth::Issue issue_of(const std::string& name) {
    return {hour_token(name), {}, claim_of(name)};
  }
  static IssueOutcome issue(const stores::OpenTokenStore& store, const std::string& name) {
    return result_of(store.store().issue(issue_of(name), kTokenTime));
  }
  static bool has(const stores::OpenTokenStore& store, const std::string& name) {
    return result_of(store.store().find(hour_token(name).key, kTokenTime)).has_value();
  }

  // What an operator does.
  void command(std::vector<std::string> arguments) const {
    stores::RedisClient client(*stores::parse_redis_url(servers_.url()), {});
    client.call_and_wait(RedisCommand::to({"127.0.0.1", port_}, std::move(arguments)));
  }

  testing::RedisServers servers_{"start"};
  std::uint16_t port_ = stores::parse_redis_url(servers_.url())->endpoints.at(0).port;
};

TEST_F(RedisFaults, OfScriptsThatAreGoneAreMended) {
  const auto store = open();
  EXPECT_EQ(issue(store, "one"), IssueOutcome::stored);
  command({"SCRIPT", "FLUSH"});
  EXPECT_EQ(issue(store, "two"), IssueOutcome::stored);
  EXPECT_EQ(issue(store, "two"), IssueOutcome::used_before);
}

// With an append-only file that is always synced.
TEST_F(RedisFaults, OfAServerThatDiesLoseNothingThatWasAnswered) {
  const auto store = open();
  EXPECT_EQ(issue(store, "one"), IssueOutcome::stored);
  servers_.kill(port_);
  servers_.start_again(port_);
  EXPECT_TRUE(has(store, "one"));
  EXPECT_EQ(issue(store, "one"), IssueOutcome::used_before);
  EXPECT_EQ(issue(store, "two"), IssueOutcome::stored);
}

// Nothing is known of what became of it: it is no answer of "used before".
TEST_F(RedisFaults, OfAConnectionThatIsCutInFlightAreUnavailable) {
  const auto store = open();
  servers_.signal(port_, SIGSTOP);
  asio::io_context loop(1);
  std::exception_ptr thrown;
  asio::co_spawn(loop, store.store().issue(issue_of("one"), kTokenTime),
                 [&](std::exception_ptr fault, IssueOutcome) { thrown = fault; });
  loop.run_for(100ms);
  EXPECT_FALSE(thrown);
  servers_.kill(port_);
  loop.run();
  ASSERT_TRUE(thrown);
  EXPECT_THROW(std::rethrow_exception(thrown), Unavailable);
}

TEST_F(RedisFaults, OfAServerThatDoesNotAnswerEndInTime) {
  const auto store = open("timeout=200");
  servers_.signal(port_, SIGSTOP);
  EXPECT_TRUE(fault_of([&] { issue(store, "one"); }).contains("no answer in time"));
  servers_.signal(port_, SIGCONT);
  const auto again = open();
  EXPECT_EQ(issue(again, "two"), IssueOutcome::stored);
}

TEST_F(RedisFaults, OfAServerThatIsNotThereEndInTime) {
  const auto store = open("timeout=200");
  servers_.kill(port_);
  EXPECT_TRUE(fault_of([&] { issue(store, "one"); }).contains(std::to_string(port_)));
  EXPECT_THROW(store.catalogue().check(), Unavailable);
  EXPECT_NE(fault_of([&] { open("timeout=200"); }), "");
}

TEST_F(RedisFaults, OfAFullQueueAreToldAtOnce) {
  constexpr int kPlaces = 10;
  constexpr int kCalls = 50;
  const auto store = open("timeout=10000&queue=" + std::to_string(kPlaces));
  servers_.signal(port_, SIGSTOP);
  asio::io_context loop(1);
  int stored = 0;
  int refused = 0;
  for (int number = 0; number < kCalls; ++number)
    asio::co_spawn(loop, store.store().issue(issue_of(std::to_string(number)), kTokenTime),
                   [&](std::exception_ptr fault, IssueOutcome) {
                     ++(fault ? refused : stored);
                     if (fault) EXPECT_THROW(std::rethrow_exception(fault), Overloaded);
                   });
  loop.run_for(50ms);
  EXPECT_EQ(refused, kCalls - kPlaces);
  EXPECT_EQ(stored, 0);
  servers_.signal(port_, SIGCONT);
  loop.run();
  EXPECT_EQ(stored, kPlaces);
  EXPECT_EQ(refused, kCalls - kPlaces);
}

// Whoever fills such a server makes it forget used assertions, and sends them again.
TEST_F(RedisFaults, OfAServerThatEvictsAreUnavailable) {
  const auto store = open();
  EXPECT_NO_THROW(store.catalogue().check());
  for (const char* policy : {"allkeys-lru", "volatile-ttl"}) {
    command({"CONFIG", "SET", "maxmemory-policy", policy});
    EXPECT_TRUE(fault_of([&] { store.catalogue().check(); }).contains(policy));
    EXPECT_TRUE(fault_of([&] { open(); }).contains("noeviction"));
  }
}

TEST_F(RedisFaults, OfAServerThatIsFullAreUnavailable) {
  const auto store = open();
  EXPECT_EQ(issue(store, "one"), IssueOutcome::stored);
  command({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(fault_of([&] { issue(store, "two"); }).contains("OOM"));
  EXPECT_THROW(store.catalogue().check(), Unavailable);
  EXPECT_TRUE(has(store, "one"));
  command({"CONFIG", "SET", "maxmemory", "0"});
  EXPECT_EQ(issue(store, "two"), IssueOutcome::stored);
}

TEST_F(RedisFaults, OfTooFewReplicasAreUnavailableAndTheClaimStaysTaken) {
  const auto store = open("wait=1&wait_timeout=50");
  EXPECT_TRUE(fault_of([&] { issue(store, "one"); }).contains("0 of 1 replicas"));
  EXPECT_EQ(issue(open(), "one"), IssueOutcome::used_before);
  EXPECT_THROW(store.catalogue().check(), Unavailable);
}

TEST_F(RedisFaults, AreToldOfWhatASettingPromises) {
  EXPECT_TRUE(open().promise().contains("survives a crash"));
  command({"CONFIG", "SET", "appendfsync", "everysec"});
  EXPECT_TRUE(open().promise().contains("everysec"));
  command({"CONFIG", "SET", "appendonly", "no"});
  EXPECT_TRUE(open().promise().contains("appendonly is off"));
}

TEST_F(RedisFaults, LeaveNothingOfAReadinessCheck) {
  open().catalogue().check();
  stores::RedisClient client(*stores::parse_redis_url(servers_.url()), {});
  EXPECT_EQ(client.call_and_wait(RedisCommand::to({"127.0.0.1", port_}, {"DBSIZE"})).integer, 0);
}

// Or what is over would fill the server.
TEST_F(RedisFaults, LeaveNoKeyWithoutAnEnd) {
  const auto store = open();
  oauth::Issue pair{hour_token("access"), hour_token("refresh"), claim_of("jti")};
  pair.refresh->kind = oauth::TokenKind::refresh;
  pair.access.family = pair.refresh->family = "red";
  oauth::Redemption rotation{.refresh = pair.refresh->key,
                             .access = hour_token("second access"),
                             .change = oauth::Rotation{.successor = hour_token("second refresh"),
                                                       .sealed_answer = "sealed",
                                                       .repeatable_until = kTokenTime + 10s},
                             .claim = {}};
  rotation.access.family = std::get<oauth::Rotation>(rotation.change).successor.family = "red";
  EXPECT_EQ(result_of(store.store().issue(pair, kTokenTime)), IssueOutcome::stored);
  EXPECT_EQ(result_of(store.store().redeem(rotation, kTokenTime)).outcome,
            oauth::Redeemed::Outcome::stored);

  stores::RedisClient client(*stores::parse_redis_url(servers_.url()), {});
  const auto ask = [&](std::vector<std::string> arguments) {
    return client.call_and_wait(RedisCommand::to({"127.0.0.1", port_}, std::move(arguments)));
  };
  const auto keys = ask({"KEYS", "*"}).elements;
  EXPECT_EQ(keys.size(), 7U); // four tokens, a claim, a family, an answer
  for (const auto& key : keys) {
    const auto life = std::chrono::milliseconds(ask({"PTTL", key.text}).integer);
    EXPECT_GT(life, 0s) << key.text;
    EXPECT_LE(life, 1h + 1min) << key.text;
  }
}

class RedisRoundTrips : public RedisFaults {
protected:
  // How often the server has read from a connection.
  std::int64_t reads() const {
    stores::RedisClient client(*stores::parse_redis_url(servers_.url()), {});
    const std::string stats =
        client.call_and_wait(RedisCommand::to({"127.0.0.1", port_}, {"INFO", "stats"})).text;
    const std::string member = "total_reads_processed:";
    return std::stoll(stats.substr(stats.find(member) + member.size()));
  }
};

TEST_F(RedisRoundTrips, AreSharedByRequestsThatWaitAtTheSameTime) {
  constexpr int kCalls = 500;
  const auto store = open("timeout=10000&connections=1");
  const std::int64_t before = reads();
  servers_.signal(port_, SIGSTOP); // it finds all of them when it goes on
  asio::io_context loop(1);
  int stored = 0;
  for (int number = 0; number < kCalls; ++number)
    asio::co_spawn(loop, store.store().claim(claim_of(std::to_string(number)), kTokenTime),
                   [&](std::exception_ptr fault, IssueOutcome) { stored += fault ? 0 : 1; });
  loop.run_for(200ms);
  servers_.signal(port_, SIGCONT);
  loop.run();
  EXPECT_EQ(stored, kCalls);
  EXPECT_LT(reads() - before, kCalls / 2);
}

class RedisOverTls : public ::testing::Test {
protected:
  static std::string replaced(std::string text, const std::string& part, const std::string& by) {
    const std::size_t at = text.find(part);
    return at == std::string::npos ? text : text.replace(at, part.size(), by);
  }
  std::string fault_of_opening(const std::string& url) const {
    return fault_of([&] { stores::open_token_store(url, servers_.folder()); });
  }

  testing::RedisServers servers_{"start-tls"};
  std::string url_ = servers_.url("timeout=3000");
};

TEST_F(RedisOverTls, ReadsThePasswordFromAFile) {
  EXPECT_EQ(fault_of_opening(url_), "");
  const std::string from_file =
      replaced(url_, "assay:p%40ss:word@", "assay@") + "&password_file=password";
  EXPECT_EQ(fault_of_opening(from_file), "");
  EXPECT_TRUE(fault_of_opening(from_file + "s").contains("passwords"));
}

TEST_F(RedisOverTls, RefusesAServerThatNobodyVouchesFor) {
  const std::string ca = "ca=" + (servers_.folder() / "server.pem").string() + "&";
  EXPECT_TRUE(fault_of_opening(replaced(url_, ca, "")).contains("certificate verify failed"));
}

TEST_F(RedisOverTls, RefusesAServerOfAnotherName) {
  EXPECT_TRUE(fault_of_opening(replaced(url_, "127.0.0.1", "localhost"))
                  .contains("certificate verify failed"));
}

TEST_F(RedisOverTls, SaysWhatIsWrongWithAFile) {
  EXPECT_TRUE(fault_of_opening(replaced(url_, "server.pem", "no.pem")).contains("no.pem"));
  EXPECT_TRUE(fault_of_opening(url_ + "&cert=server.pem&key=password").contains("password"));
  EXPECT_EQ(fault_of_opening(url_ + "&cert=server.pem&key=server.key"), "");
}

TEST_F(RedisOverTls, DoesNotTellThePassword) {
  const std::string fault = fault_of_opening(replaced(url_, "p%40ss:word", "hush"));
  EXPECT_TRUE(fault.contains("WRONGPASS")) << fault;
  EXPECT_FALSE(fault.contains("hush")) << fault;
}

} // namespace
} // namespace assay::contract
