#include "stores/sqlite/answer_buckets.h"

#include "stores/answer_span.h"
#include "stores/sqlite/sqlite_bytes.h"
#include "stores/sqlite/sqlite_time.h"

namespace assay::stores {

namespace {

constexpr BucketQuery kPut{
    0, "INSERT OR REPLACE INTO $ (until, digest, class, bucket, moment, successor, "
       "sealed) VALUES (?, ?, ?, ?, ?, ?, ?)"};
constexpr BucketQuery kFind{
    1, "SELECT class, bucket, moment, successor, sealed FROM $ WHERE until = ? AND digest = ?"};

BucketId id_of(const AnswerSpan& span) {
  return {BucketKind::answers, 0, span.minute.time_since_epoch().count()};
}

} // namespace

void AnswerBuckets::put(const crypto::Digest& rotated, const oauth::Rotation& rotation) {
  put(rotated, rotation.repeatable_until,
      {.successor = TokenPlace::of(rotation.successor), .sealed = rotation.sealed_answer});
}

void AnswerBuckets::put(const crypto::Digest& rotated, TimePoint repeatable_until,
                        const AnswerRow& answer) {
  const AnswerSpan span = AnswerSpan::of(repeatable_until);
  const TokenPlace& successor = answer.successor;
  buckets_.made(id_of(span), span.over_at())
      .statement(kPut)
      .bind(to_sql(repeatable_until))
      .bind_bytes(rotated.bytes())
      .bind(std::int64_t{successor.lifetime_class})
      .bind(successor.bucket)
      .bind(successor.moment)
      .bind_bytes(successor.digest.bytes())
      .bind_bytes(bytes_of(answer.sealed))
      .run();
}

std::optional<AnswerRow> AnswerBuckets::find(const crypto::Digest& rotated,
                                             TimePoint repeatable_until) {
  Bucket* const bucket = buckets_.find(id_of(AnswerSpan::of(repeatable_until)));
  if (!bucket) return std::nullopt;
  SqliteStatement& row = bucket->statement(kFind);
  const SqliteRows rows(row);
  if (!row.bind(to_sql(repeatable_until)).bind_bytes(rotated.bytes()).step()) return std::nullopt;
  const TokenPlace successor{.lifetime_class = static_cast<std::uint32_t>(row.integer(0)),
                             .bucket = row.integer(1),
                             .moment = row.integer(2),
                             .digest = digest_of(row.bytes(3))};
  const auto sealed = row.bytes(4);
  return AnswerRow{.successor = successor, .sealed = {sealed.begin(), sealed.end()}};
}

} // namespace assay::stores
