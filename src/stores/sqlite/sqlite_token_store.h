// Tokens and used assertions in an SQLite file: durable, without a server beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/group_writer.h"

namespace assay::stores {

// Writes go through a GroupWriter. Reads are made where they are asked for, by connections of their
// own: a WAL reader waits for no writer, and what it looks up is nearly always in memory.
class SqliteTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  // Makes the file if it is not there.
  explicit SqliteTokenStore(const std::filesystem::path& file);
  ~SqliteTokenStore() override;

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now) override;
  oauth::PurgeOutcome purge(TimePoint now) override;
  void check() override;

private:
  class Reader;
  template <class Read> auto read(Read look);
  std::uint64_t drop(const std::string& table);

  std::filesystem::path file_;
  GroupWriter writer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_readers_;
};

} // namespace assay::stores
