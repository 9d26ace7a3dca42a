// What only a store on a server of its own meets: connections that break, an engine that is slow,
// and other versions of the program.
#include <algorithm>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/unavailable.h"
#include "stores/open.h"
#include "stores/postgres/postgres_session.h"
#include "stores/postgres/token_schema.h"
#include "support/postgres.h"
#include "support/scratch_folder.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::contract {

using namespace std::chrono_literals;
using oauth::IssueOutcome;
using stores::PostgresSession;
using stores::PostgresUrl;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;
using testing::result_of;

namespace {

// What a call came to; none: it threw Unavailable.
template <class T> std::optional<T> outcome_of(Task<T> task) {
  try {
    return result_of(std::move(task));
  } catch (const Unavailable&) {
    return std::nullopt;
  }
}

template <class T> Task<std::optional<T>> caught(Task<T> task) {
  try {
    T value = co_await std::move(task);
    co_return std::optional<T>(std::move(value));
  } catch (const Unavailable&) {
    co_return std::nullopt;
  }
}

class PostgresFaults : public ::testing::Test {
protected:
  // The store's own connections have a name of their own.
  std::string url() const { return url_ + "&application_name=" + schema(); }
  std::string schema() const { return PostgresUrl::parse(url_)->schema(); }
  stores::OpenTokenStore open() const { return stores::open_token_store(url(), folder_.path()); }

  Task<IssueOutcome> issue(const std::string& name, const std::string& jti) {
    return store_.store().issue({hour_token(name), {}, claim_of(jti)}, kTokenTime);
  }

  // Keeps the store from writing until it dies.
  class Lock {
  public:
    explicit Lock(const std::string& url, const std::string& table)
        : session_(*PostgresUrl::parse(url)) {
      session_.execute("BEGIN; LOCK TABLE {schema}." + table + " IN ACCESS EXCLUSIVE MODE");
    }

  private:
    PostgresSession session_;
  };

  std::int64_t number_of(const std::string& sql) { return operator_.query(sql).number(0, 0); }

  void await_true(const std::string& sql) {
    while (number_of(sql) == 0)
      std::this_thread::sleep_for(5ms);
  }

  // Those of the store that wait for a lock.
  std::string blocked() const {
    return "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = '" +
           schema() + "'";
  }
  void await_blocked() { await_true("SELECT count(*) " + blocked()); }
  void cut_blocked() { operator_.query("SELECT pg_terminate_backend(pid) " + blocked()); }

  testing::ScratchFolder folder_;
  std::string url_ = testing::url_in(folder_, testing::kPostgres);
  stores::OpenTokenStore store_ = open();
  PostgresSession operator_{*PostgresUrl::parse(url_)};
};

// "Used before" would be a lie: a client would take its assertion for stolen.
TEST_F(PostgresFaults, AreUnavailableWhenTheConnectionBreaksWithinAGrant) {
  {
    const Lock lock(url_, "claims");
    auto grant = std::async(std::launch::async, [&] { return outcome_of(issue("one", "jti")); });
    await_blocked();
    cut_blocked();
    EXPECT_EQ(grant.get(), std::nullopt);
  }
  EXPECT_EQ(outcome_of(issue("two", "jti")), IssueOutcome::stored);
}

// Rows of a statement come before its transaction is committed.
TEST_F(PostgresFaults, AreUnavailableWhenTheCommitItselfFails) {
  operator_.execute(
      "CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN RAISE ''no commit''; END'; "
      "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON {schema}.claims "
      "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.refuse()");
  EXPECT_EQ(outcome_of(issue("one", "jti")), std::nullopt);
  operator_.execute("DROP TRIGGER refuse ON {schema}.claims");
  EXPECT_EQ(outcome_of(issue("one", "jti")), IssueOutcome::stored);
}

TEST_F(PostgresFaults, AreOverOnceTheConnectionsAreMadeAgain) {
  operator_.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name "
                  "= '" +
                  schema() + "'");
  int attempt = 0;
  while (outcome_of(issue(std::to_string(attempt), "jti" + std::to_string(attempt))) !=
         IssueOutcome::stored)
    ++attempt;
  const auto last = hour_token(std::to_string(attempt)).key;
  EXPECT_TRUE(result_of(store_.store().find(last, kTokenTime)));
  EXPECT_NO_THROW(store_.catalogue().check());
}

TEST_F(PostgresFaults, LeaveALookUpToAnotherConnection) {
  result_of(issue("one", "jti"));
  std::optional<Lock> lock(std::in_place, url_, "tokens");
  auto look_up = std::async(std::launch::async, [&] {
    return result_of(store_.store().find(hour_token("one").key, kTokenTime));
  });
  await_blocked();
  cut_blocked();
  await_blocked();
  lock.reset();
  EXPECT_TRUE(look_up.get());
}

TEST_F(PostgresFaults, AreUnavailableWhenTheEngineDoesNotAnswer) {
  const Lock lock(url_, "claims");
  EXPECT_EQ(outcome_of(issue("one", "jti")), std::nullopt);
}

// A commit that no standby confirms may be lost with the engine; and whoever waits for it must not
// take up one connection after the other meanwhile.
TEST_F(PostgresFaults, AreUnavailableWhenNoStandbyConfirms) {
  const auto strict =
      stores::open_token_store(url() + "&options=-csynchronous_commit%3Don", folder_.path());
  EXPECT_EQ(outcome_of(strict.store().issue({hour_token("one"), {}, claim_of("jti")}, kTokenTime)),
            std::nullopt);
  EXPECT_THROW(strict.catalogue().check(), Unavailable);
  await_true("SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep' "
             "AND application_name = '" +
             schema() + "'");
}

// Clients that come later had better be told at once.
TEST_F(PostgresFaults, TurnAwayWhatWouldWaitForTooLong) {
  const Lock lock(url_, "claims");
  std::vector<std::future<std::optional<IssueOutcome>>> grants;
  for (const char* name : {"one", "two"}) {
    grants.push_back(
        std::async(std::launch::async, [this, name] { return outcome_of(issue(name, name)); }));
    await_true("SELECT count(*) = " + std::to_string(grants.size()) + " " + blocked());
  }
  try {
    result_of(issue("three", "three"));
    FAIL();
  } catch (const Unavailable& fault) {
    EXPECT_TRUE(std::string(fault.what()).contains("no connection was free in time"))
        << fault.what();
  }
  for (auto& grant : grants)
    EXPECT_EQ(grant.get(), std::nullopt);
}

// Who brings a token that is there already spoils nobody else's transaction.
TEST_F(PostgresFaults, OfOneCallAreNotThoseOfItsGroup) {
  result_of(issue("twice", "first"));
  std::vector<Task<std::optional<IssueOutcome>>> group;
  for (int number = 0; number < 40; ++number) {
    const std::string name = number == 20 ? "twice" : std::to_string(number);
    group.push_back(caught(issue(name, "jti" + std::to_string(number))));
  }
  const auto outcomes = testing::results_of(std::move(group));
  EXPECT_EQ(std::ranges::count(outcomes, IssueOutcome::stored), 39);
  EXPECT_EQ(outcomes.at(20), std::nullopt);
}

TEST_F(PostgresFaults, SayWhichEngineIsGoneAndNoPassword) {
  try {
    stores::open_token_store("postgresql://assay:secret@127.0.0.1:1/assay", folder_.path());
    FAIL();
  } catch (const Unavailable& fault) {
    EXPECT_TRUE(std::string(fault.what()).contains("127.0.0.1:1")) << fault.what();
    EXPECT_FALSE(std::string(fault.what()).contains("secret")) << fault.what();
  }
}

// An upgrade goes from node to node: those of the former version go on as long as they can.
TEST_F(PostgresFaults, AreNoneForAnOlderProgramThatTheDatabaseIsMarkedFor) {
  operator_.query("INSERT INTO {schema}.migrations (store, version, compatible_from) "
                  "VALUES ('tokens', 1000, 1)");
  EXPECT_EQ(outcome_of(open().store().issue({hour_token("one"), {}, {}}, kTokenTime)),
            IssueOutcome::stored);
}

TEST_F(PostgresFaults, KeepAnOlderProgramFromADatabaseThatItDoesNotKnow) {
  operator_.query("INSERT INTO {schema}.migrations (store, version, compatible_from) "
                  "VALUES ('tokens', 1000, 1000)");
  try {
    open();
    FAIL();
  } catch (const Unavailable& fault) {
    EXPECT_TRUE(std::string(fault.what()).contains("newer version of this program"))
        << fault.what();
  }
}

// One that the program was started on for the first time, by several nodes at once.
TEST_F(PostgresFaults, AreNoneWhenManyMakeTheTables) {
  const auto place = folder_ / "fresh";
  const std::string fresh = testing::url_in(place, testing::kPostgres);
  std::vector<std::future<std::optional<IssueOutcome>>> nodes;
  for (const char* name : {"one", "two", "three", "four"})
    nodes.push_back(std::async(std::launch::async, [&, name] {
      const auto own = stores::open_token_store(fresh, folder_.path());
      return outcome_of(own.store().issue({hour_token(name), {}, {}}, kTokenTime));
    }));
  for (auto& node : nodes)
    EXPECT_EQ(node.get(), IssueOutcome::stored);
}

// Partitions are few, and a purge leaves none that is over; of what is in use, one lies ahead.
TEST_F(PostgresFaults, DoNotComeOfTokensThatExpire) {
  const std::string partitions =
      "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('{schema}.tokens')";
  result_of(issue("one", "jti"));
  EXPECT_EQ(number_of(partitions), 2); // one of them for what may lie anywhere
  store_.catalogue().purge(kTokenTime);
  const auto in_use = number_of(partitions);
  EXPECT_GT(in_use, 2);
  EXPECT_LE(in_use, 6);
  store_.catalogue().purge(kTokenTime + 30 * 24h);
  EXPECT_EQ(number_of(partitions), 1);
  EXPECT_EQ(number_of("SELECT count(*) FROM pg_class WHERE relname LIKE 'tokens\\_%' "
                      "AND relkind = 'r' AND relnamespace = '{schema}'::regnamespace"),
            1);
}

// It would make all nodes forget assertions that are used, and good for an hour more.
TEST_F(PostgresFaults, OfAClockThatIsAheadAreNotThoseOfTheOtherNodes) {
  EXPECT_LT(store_.catalogue().agreed_time(system_now() + 1h), system_now() + 1min);
}

// A purge that was cut short between its steps is ended by the next one.
TEST_F(PostgresFaults, OfAPurgeAreMendedByTheNext) {
  result_of(issue("one", "jti"));
  operator_.execute("UPDATE {schema}.token_spans SET ending = true");
  const auto low = number_of("SELECT low FROM {schema}.token_spans");
  operator_.execute("ALTER TABLE {schema}.tokens DETACH PARTITION {schema}.tokens_" +
                    std::to_string(low) + " CONCURRENTLY");
  EXPECT_EQ(store_.catalogue().purge(kTokenTime + 24h).tokens, 1U);
  EXPECT_EQ(number_of("SELECT count(*) FROM {schema}.token_spans"), 0);
  EXPECT_EQ(outcome_of(issue("two", "other")), IssueOutcome::stored);
}

TEST_F(PostgresFaults, AreToldOfASessionThatIsPooledUnasked) {
  const std::string pooled = testing::url_in(folder_, testing::kPgbouncer);
  const std::string unasked = pooled.substr(0, pooled.find("&pooler"));
  EXPECT_THROW(stores::open_token_store(unasked, folder_.path()), Unavailable);
}

} // namespace
} // namespace assay::contract
