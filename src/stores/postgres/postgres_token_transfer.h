// Tokens in PostgreSQL as a thing that is copied.
#pragma once

#include "oauth/token_transfer.h"
#include "stores/postgres/postgres_session.h"

namespace assay::stores {

// A page is one statement, or one transaction, of a connection of its own.
//
// The mark is a table that is there only as long as a copy goes on, so no program needs a migration
// for it.
class PostgresTokenTransfer final : public oauth::TokenTransfer {
public:
  // Makes the tables if they are not there. Throws Unavailable.
  explicit PostgresTokenTransfer(const PostgresUrl& url);

  std::unique_ptr<oauth::TransferReader> read() override;
  std::uint64_t size() override;
  void put(const oauth::TransferPage& page, TimePoint now) override;
  void remove(std::span<const oauth::TransferredToken> tokens) override;
  std::optional<std::string> mark() override;
  void set_mark(const std::optional<std::string>& text) override;

private:
  PostgresSession session_;
};

} // namespace assay::stores
