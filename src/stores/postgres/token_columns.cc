#include "stores/postgres/token_columns.h"

#include "stores/token_row.h"

namespace assay::stores {

namespace {

// What the column `kind` says; what is above is a refresh token that was rotated.
constexpr std::int64_t kAccess = 0;
constexpr std::int64_t kRefresh = 1;

} // namespace

TokenRow::TokenRow(const oauth::TokenRecord& record)
    : position(position_of(record)), digest(record.key.digest),
      is_refresh(record.kind == oauth::TokenKind::refresh), client_id(record.client_id),
      family(record.family), expires_at(record.expires_at), record(encode_row(record)) {}

void TokenKeyColumns::add(const oauth::TokenKey& key, TimePoint now) {
  positions_.add(position_of(key, now));
  digests_.add(key.digest);
  times_.add(now);
}

void TokenKeyColumns::add_to(PostgresParameters& parameters) const {
  parameters.add(positions_).add(digests_).add(times_);
}

void TokenColumns::add(const TokenRow& row, const std::optional<std::string_view>& claim) {
  claims_.add(claim);
  positions_.add(row.position);
  digests_.add(row.digest);
  kinds_.add(row.is_refresh ? kRefresh : kAccess);
  client_ids_.add(std::string_view(row.client_id));
  families_.add(std::string_view(row.family));
  ends_.add(row.expires_at);
  records_.add(std::string_view(row.record));
}

void TokenColumns::add_to(PostgresParameters& parameters) const {
  for (const PostgresArray* column :
       {&claims_, &positions_, &digests_, &kinds_, &client_ids_, &families_, &ends_, &records_})
    parameters.add(*column);
}

void SpanColumns::add_to(PostgresParameters& parameters) const {
  PostgresArray lows(PostgresType::number);
  PostgresArray highs(PostgresType::number);
  PostgresArray ends(PostgresType::number);
  for (const TokenSpan& span : spans_) {
    lows.add(span.low);
    highs.add(span.high);
    ends.add(span.over_at);
  }
  parameters.add(lows).add(highs).add(ends);
}

oauth::TokenRecord record_in(const PostgresResult& rows, int row, int column,
                             const oauth::TokenKey& key) {
  oauth::TokenRecord record;
  record.key = key;
  const std::int64_t kind = rows.number(row, column);
  record.kind = kind == kAccess ? oauth::TokenKind::access : oauth::TokenKind::refresh;
  record.is_rotated = kind > kRefresh;
  record.client_id = rows.text(row, column + 1);
  record.expires_at = rows.time(row, column + 2);
  decode_row(rows.bytes(row, column + 3), record);
  return record;
}

} // namespace assay::stores
