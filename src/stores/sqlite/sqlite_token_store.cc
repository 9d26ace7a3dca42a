#include "stores/sqlite/sqlite_token_store.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "base/unavailable.h"

namespace assay::stores {

using oauth::IssueOutcome;

namespace {

// A reader waits for nobody: a request's thread has others to serve.
constexpr std::chrono::milliseconds kReaderWait{0};

// How long the writer's thread may be kept from the requests by one step of a purge.
constexpr std::chrono::milliseconds kSliceTime{5};
constexpr std::int64_t kSliceRowsMin = 50;
constexpr std::int64_t kSliceRowsMax = 20'000;

} // namespace

// A connection that reads.
class SqliteTokenStore::Reader {
public:
  explicit Reader(const std::filesystem::path& file)
      : database_(file, kReaderWait), tables_(database_) {}

  auto read(auto& look) {
    tables_.look_again();
    try {
      return look(tables_);
    } catch (const Unavailable&) {
      // A table that was there a moment ago has been purged.
      tables_.look_again();
      return look(tables_);
    }
  }

private:
  SqliteDatabase database_;
  TokenTables tables_;
};

SqliteTokenStore::SqliteTokenStore(const std::filesystem::path& file)
    : file_(file), writer_(file) {}

SqliteTokenStore::~SqliteTokenStore() = default;

// Borrows a connection; one that failed is not given back.
template <class Read> auto SqliteTokenStore::read(Read look) {
  std::unique_ptr<Reader> reader;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_readers_.empty()) {
      reader = std::move(idle_readers_.back());
      idle_readers_.pop_back();
    }
  }
  if (!reader) reader = std::make_unique<Reader>(file_);
  auto found = reader->read(look);
  const std::lock_guard lock(mutex_);
  idle_readers_.push_back(std::move(reader));
  return found;
}

Task<IssueOutcome> SqliteTokenStore::issue(oauth::Issue issue, TimePoint now) {
  IssueOutcome outcome{};
  co_await writer_.commit([&](TokenTables& tables) { outcome = tables.issue(issue, now); });
  co_return outcome;
}

Task<IssueOutcome> SqliteTokenStore::claim(oauth::ReplayClaim claim, TimePoint now) {
  IssueOutcome outcome{};
  co_await writer_.commit([&](TokenTables& tables) { outcome = tables.claim(claim, now); });
  co_return outcome;
}

Task<bool> SqliteTokenStore::seen(oauth::ReplayClaim claim, TimePoint now) {
  co_return read([&](TokenTables& tables) { return tables.seen(claim, now); });
}

Task<std::optional<oauth::TokenRecord>> SqliteTokenStore::find(oauth::TokenKey key, TimePoint now) {
  co_return read([&](TokenTables& tables) { return tables.find(key, now); });
}

Task<bool> SqliteTokenStore::revoke(oauth::TokenKey key, TimePoint now) {
  bool revoked = false;
  co_await writer_.commit([&](TokenTables& tables) { revoked = tables.revoke(key, now); });
  co_return revoked;
}

oauth::TokenCount SqliteTokenStore::count(const std::optional<std::string>& client_id,
                                          TimePoint now) {
  return read([&](TokenTables& tables) { return tables.count(client_id, now); });
}

oauth::PurgeOutcome SqliteTokenStore::purge(TimePoint now) {
  std::vector<std::string> over;
  writer_.commit_and_wait([&](TokenTables& tables) { over = tables.over(now); });

  oauth::PurgeOutcome outcome;
  for (const std::string& table : over) {
    const std::uint64_t rows = drop(table);
    if (holds_tokens(table)) outcome.tokens += rows;
    if (holds_claims(table)) outcome.claims += rows;
  }
  return outcome;
}

// Slice by slice, each a commit of its own between those of the grants.
std::uint64_t SqliteTokenStore::drop(const std::string& table) {
  std::uint64_t total = 0;
  std::int64_t rows_max = kSliceRowsMin;
  for (;;) {
    std::int64_t deleted = 0;
    std::chrono::steady_clock::duration took{};
    writer_.commit_and_wait([&](TokenTables& tables) {
      const auto began = std::chrono::steady_clock::now();
      deleted = tables.shrink(table, rows_max);
      took = std::chrono::steady_clock::now() - began;
    });
    total += static_cast<std::uint64_t>(deleted);
    if (deleted < rows_max) return total;
    const std::int64_t next = took > kSliceTime ? rows_max / 2 : rows_max * 2;
    rows_max = std::clamp(next, kSliceRowsMin, kSliceRowsMax);
  }
}

void SqliteTokenStore::check() {
  writer_.commit_and_wait([](TokenTables&) {});
}

} // namespace assay::stores
