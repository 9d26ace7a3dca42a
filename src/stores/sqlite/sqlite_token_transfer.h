// A token file as a thing that is copied.
#pragma once

#include <filesystem>

#include "oauth/token_transfer.h"
#include "stores/sqlite/answer_buckets.h"
#include "stores/sqlite/bucket_tables.h"
#include "stores/sqlite/claim_buckets.h"
#include "stores/sqlite/sqlite_database.h"
#include "stores/sqlite/token_buckets.h"

namespace assay::stores {

// A page is one snapshot, or one transaction: a server that has the file open goes on between two.
//
// The mark is a table that is there only as long as a copy goes on, so no program needs a migration
// for it.
class SqliteTokenTransfer final : public oauth::TokenTransfer {
public:
  // Makes the file if it is not there. Throws Unavailable.
  explicit SqliteTokenTransfer(const std::filesystem::path& file);

  std::unique_ptr<oauth::TransferReader> read() override;
  std::uint64_t size() override;
  void put(const oauth::TransferPage& page, TimePoint now) override;
  void remove(std::span<const oauth::TransferredToken> tokens) override;
  std::optional<std::string> mark() override;
  void set_mark(const std::optional<std::string>& text) override;

private:
  friend class SqliteTransferReader;

  void look_again() { buckets_.look_again(); }
  template <class Work> void commit(Work work);

  SqliteDatabase database_;
  BucketTables buckets_{database_};
  TokenBuckets tokens_{buckets_};
  ClaimBuckets claims_{buckets_};
  AnswerBuckets answers_{buckets_};
};

} // namespace assay::stores
