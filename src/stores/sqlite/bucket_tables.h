// The tables of a token file that hold what ends together, one a time bucket, and the list of them.
//
//   buckets        (name, over_at)      every table below, and when all in it has ended
//   tokens_N       (digest, ...)        tokens whose locator has the number N
//   families_N     (family, ...)        members of the families of refresh tokens in tokens_N
//   claims_C_B     (digest, until)      used assertions of lifetime class C that end in bucket B
//
// So an expired token costs no DELETE of its own: its table is dropped.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "stores/sqlite/sqlite_database.h"

namespace assay::stores {

// What one connection knows of the tables, and its prepared statements on them. For one thread, and
// within a transaction: another process may make and drop tables between two.
class BucketTables {
public:
  explicit BucketTables(const SqliteDatabase& database) : database_(database) {}

  // At the beginning of each transaction: forgets what is no longer so.
  void look_again();

  // The names that begin with `kind`, in their order.
  std::vector<std::string> names(std::string_view kind) const;
  bool has(std::string_view name) const { return over_at_.contains(name); }

  // Makes the table if it is not there; `columns` is what stands in the parentheses.
  void make(const std::string& name, std::string_view columns, TimePoint over_at);

  std::vector<std::string> over(TimePoint now) const;

  // Deletes up to `rows_max` rows, and drops the table once it is empty. Gives how many it deleted.
  std::int64_t shrink(const std::string& name, std::int64_t rows_max);

  // Kept and restarted: preparing costs more than running. `sql` has `$` for the table's name.
  SqliteStatement& statement(std::string_view sql, std::string_view table);

private:
  const SqliteDatabase& database_;
  std::int64_t schema_version_ = -1;
  std::map<std::string, TimePoint, std::less<>> over_at_;
  std::map<std::string, SqliteStatement, std::less<>> statements_;
};

} // namespace assay::stores
