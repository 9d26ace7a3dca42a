// What goes on in the background in the token store's tables: expired tokens leave, and partitions
// are there before they are needed.
#pragma once

#include "oauth/token_catalogue.h"
#include "stores/postgres/postgres_session.h"
#include "stores/postgres/token_span.h"

namespace assay::stores {

// Nothing here keeps a request waiting: partitions are detached concurrently, and rows are deleted
// in small transactions that pass by what is locked. Several nodes may do it at once. Throws
// Unavailable; what was begun is ended by the next call.
class TokenUpkeep {
public:
  explicit TokenUpkeep(PostgresSession& session) : session_(session) {}

  oauth::PurgeOutcome purge(TimePoint now);

  // Of the groups in which there are tokens.
  void make_spans_ahead(TimePoint now);

private:
  std::uint64_t drop_spans(TimePoint now);
  std::uint64_t drop(TokenPosition low);
  bool detach(TokenPosition low);
  std::uint64_t rows_of(TokenPosition low);
  std::uint64_t delete_slices(std::string_view table, std::string_view key, std::string_view end,
                              TimePoint now);
  void forget_families(TimePoint now);

  PostgresSession& session_;
};

} // namespace assay::stores
