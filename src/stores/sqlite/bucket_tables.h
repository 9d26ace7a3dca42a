// The tables of a token file that hold what ends together, one a time bucket, and the list of them.
//
//   buckets        (name, over_at)      every table below, and when all in it has ended
//   tokens_N       (moment, digest, ..) tokens whose locator has the number N, as they were issued
//   families_N     (family, ...)        members of the families of refresh tokens in tokens_N
//   claims_W_B     (digest, until)      used assertions that end in the B-th span of W seconds
//
// So an expired token costs no DELETE of its own: its table is dropped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

// A statement on any table of one kind.
struct TableQuery {
  std::size_t slot;     // its own number, below BucketTables::kSlots
  std::string_view sql; // `$` stands for the table's name
};

// What one connection knows of the tables, and its prepared statements on them. For one thread, and
// within a transaction: another process may make and drop tables between two.
class BucketTables {
public:
  static constexpr std::size_t kSlots = 8;

  explicit BucketTables(const SqliteDatabase& database)
      : database_(database), schema_version_(database.prepare("PRAGMA schema_version")) {}

  // At the beginning of each transaction: forgets what is no longer so.
  void look_again();

  // The names that begin with `kind`, in their order. Views until a table is made or dropped.
  std::vector<std::string_view> names(std::string_view kind) const;
  bool has(std::string_view name) const { return tables_.contains(name); }

  // Makes the table if it is not there; `columns` is what stands in the parentheses.
  void make(const std::string& name, std::string_view columns, TimePoint over_at);

  std::vector<std::string> over(TimePoint now) const;

  // Deletes up to `rows_max` rows, and drops the table once it is empty. `key` names the columns of
  // its primary key. Gives how many it deleted.
  std::int64_t shrink(const std::string& name, std::string_view key, std::int64_t rows_max);

  // Ready to be bound. Kept, as preparing costs more than running. The table is there.
  SqliteStatement& statement(const TableQuery& query, std::string_view table);

private:
  struct Table {
    TimePoint over_at;
    std::array<std::optional<SqliteStatement>, kSlots> statements{};
  };

  void read_list();

  const SqliteDatabase& database_;
  SqliteStatement schema_version_;
  std::int64_t seen_version_ = -1;
  std::map<std::string, Table, std::less<>> tables_;
};

} // namespace assay::stores
