// The tables of a token file: each holds what ends together, so that nothing expired costs a DELETE
// of its own. Besides them there is the list of them, `buckets`.
//
//   tokens_C_B     tokens of lifetime class C that expire in bucket B (oauth/token_locator.h), in
//                  the order of their moments: what is issued together shares a page; refresh
//                  tokens whose end was put off stay where they are, and keep the table
//   tokens_32_0    tokens that were copied from a store which could not tell where they belong
//   revoked_0_D    families of tokens that were revoked, and can have live ones until day D
//   claims_C_B     used assertions that end in the B-th span of class C (stores/claim_span.h)
//   answers_0_B    what rotated refresh tokens were answered, for repetitions that end in the B-th
//                  span (stores/answer_span.h)
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

enum class BucketKind : std::uint8_t { tokens, families, revoked, claims, answers };

struct BucketId {
  BucketKind kind;
  std::uint32_t lifetime_class;
  std::int64_t bucket;

  std::string table() const;
  auto operator<=>(const BucketId&) const = default;
};

// A statement on any table of one kind.
struct BucketQuery {
  std::size_t slot;     // its own number among those of the kind, below Bucket::kSlots
  std::string_view sql; // `$` stands for the table's name
};

// One table, with the statements that one connection has prepared on it.
class Bucket {
public:
  static constexpr std::size_t kSlots = 9;

  Bucket(const SqliteDatabase& database, const BucketId& id, TimePoint over_at)
      : database_(database), id_(id), over_at_(over_at) {}

  const BucketId& id() const { return id_; }

  // From then on all in it has ended, as far as this connection knows: another one can have put
  // off the end.
  TimePoint over_at() const { return over_at_; }

  // Ready to be bound. Kept, as preparing costs more than running.
  SqliteStatement& statement(const BucketQuery& query);

private:
  friend class BucketTables;

  const SqliteDatabase& database_;
  BucketId id_;
  TimePoint over_at_;
  std::array<std::optional<SqliteStatement>, kSlots> statements_;
};

// What one connection knows of the tables. For one thread, and within a transaction or snapshot:
// another process may make and drop tables between two. References are good until the next call of
// look_again(), made() or shrink().
class BucketTables {
public:
  static SqliteSchema schema();

  explicit BucketTables(const SqliteDatabase& database)
      : database_(database), schema_version_(database.prepare("PRAGMA schema_version")) {}

  // At the beginning of each transaction or snapshot: forgets what is no longer so.
  void look_again();

  // After a transaction that was undone: the tables made in it are not there.
  void forget();

  // Null if there is none.
  Bucket* find(const BucketId& id);

  // Makes the table if it is not there. What is put in it has ended at `over_at`.
  Bucket& made(const BucketId& id, TimePoint over_at);

  // All of a kind.
  auto of(BucketKind kind) {
    constexpr auto kLastClass = std::numeric_limits<std::uint32_t>::max();
    constexpr auto kLastBucket = std::numeric_limits<std::int64_t>::max();
    const auto begin = buckets_.lower_bound({kind, 0, 0});
    const auto end = buckets_.upper_bound({kind, kLastClass, kLastBucket});
    return std::ranges::subrange(begin, end) | std::views::values;
  }

  // When the last of a kind ends, whoever made them.
  TimePoint latest_end(BucketKind kind) const;

  // Those in which all has ended, whoever made them.
  std::vector<BucketId> over(TimePoint now) const;

  struct Shrinkage {
    std::uint64_t rows = 0;
    bool dropped = false;
  };

  // Deletes up to `rows_max` rows of a table that is over, and drops it once it is empty.
  Shrinkage shrink(const BucketId& id, TimePoint now, std::int64_t rows_max);

private:
  std::vector<std::pair<BucketId, TimePoint>> list(TimePoint now) const;
  bool is_over(const BucketId& id, TimePoint now) const;
  void drop(const BucketId& id);

  const SqliteDatabase& database_;
  SqliteStatement schema_version_;
  std::int64_t seen_version_ = -1; // none
  std::map<BucketId, Bucket> buckets_;
};

} // namespace assay::stores
