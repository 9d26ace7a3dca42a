// Token records as columns of a statement, and back.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "oauth/token_store.h"
#include "stores/postgres/postgres_parameters.h"
#include "stores/postgres/postgres_result.h"
#include "stores/postgres/token_span.h"

namespace assay::stores {

// A record that is new, as its row has it. Made by the caller's thread: it is the most work.
struct TokenRow {
  explicit TokenRow(const oauth::TokenRecord& record);

  TokenPosition position;
  crypto::Digest digest;
  bool is_refresh;
  std::string client_id;
  std::string family;
  TimePoint expires_at;
  std::string record;
};

// Tokens that are asked for by what their holder has: of the functions `find_tokens` and `revoke`.
class TokenKeyColumns {
public:
  void add(const oauth::TokenKey& key, TimePoint now);
  void add_to(PostgresParameters& parameters) const;

private:
  PostgresArray positions_{PostgresType::number};
  PostgresArray digests_{PostgresType::bytes};
  PostgresArray times_{PostgresType::number};
};

// The rows of the function `issue`.
class TokenColumns {
public:
  void add(const TokenRow& row, const std::optional<std::string_view>& claim);
  void add_to(PostgresParameters& parameters) const;

private:
  PostgresArray claims_{PostgresType::bytes};
  PostgresArray positions_{PostgresType::number};
  PostgresArray digests_{PostgresType::bytes};
  PostgresArray kinds_{PostgresType::number};
  PostgresArray client_ids_{PostgresType::bytes};
  PostgresArray families_{PostgresType::bytes};
  PostgresArray ends_{PostgresType::number};
  PostgresArray records_{PostgresType::bytes};
};

// The partitions that rows go to.
class SpanColumns {
public:
  void add(const TokenRow& row) {
    if (row.position != kAnywhere) spans_.insert(TokenSpan::of(row.position));
  }
  void add(const TokenSpan& span) { spans_.insert(span); }
  bool empty() const { return spans_.empty(); }
  void add_to(PostgresParameters& parameters) const;

private:
  std::set<TokenSpan> spans_;
};

// What a row says from that column on: kind, client_id, expires_at, record.
oauth::TokenRecord record_in(const PostgresResult& rows, int row, int column,
                             const oauth::TokenKey& key);

} // namespace assay::stores
