// Tokens and used assertions in an SQLite file: durable, without a server beside it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "stores/sqlite/group_writer.h"
#include "stores/sqlite/token_readers.h"

namespace assay::stores {

// Writes go through a GroupWriter. Look-ups are made where they are asked for, but for those that
// SQLite cannot serve at once. Other processes may have the file open and write to it.
//
// A file that is gone, replaced, locked or full makes all calls throw Unavailable, until it is not:
// a file that was replaced is taken for what it is then. One that is gone is not made again, as
// that would let used assertions through: a restart of the program makes it.
class SqliteTokenStore final : public oauth::TokenStore, public oauth::TokenCatalogue {
public:
  // Makes the file if it is not there.
  explicit SqliteTokenStore(const std::filesystem::path& file);

  Task<oauth::IssueOutcome> issue(oauth::Issue issue, TimePoint now) override;
  Task<oauth::IssueOutcome> claim(oauth::ReplayClaim claim, TimePoint now) override;
  Task<bool> seen(oauth::ReplayClaim claim, TimePoint now) override;
  Task<oauth::Redeemed> redeem(oauth::Redemption redemption, TimePoint now) override;
  Task<std::optional<oauth::TokenRecord>> find(oauth::TokenKey key, TimePoint now) override;
  Task<bool> revoke(oauth::TokenKey key, TimePoint now) override;

  oauth::TokenCount count(const std::optional<std::string>& client_id, TimePoint now,
                          const oauth::IsRevoked& is_revoked) override;
  oauth::PurgeOutcome purge(TimePoint now) override;
  TimePoint agreed_time(TimePoint now) override { return now; }
  void check() override { writer_.check(); }

private:
  std::uint64_t drop(const BucketId& bucket, TimePoint now);

  GroupWriter writer_;
  TokenReaders readers_;
};

} // namespace assay::stores
