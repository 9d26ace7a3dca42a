#include "stores/sqlite/token_connection.h"

namespace assay::stores {

namespace {

const SqliteDatabase& prepared(const SqliteDatabase& database) {
  database.migrate(BucketTables::schema());
  // Debian's SQLite overwrites what is deleted. Digests are no secrets, and a purge would write
  // every page that it frees.
  database.execute("PRAGMA secure_delete=OFF");
  return database;
}

} // namespace

TokenConnection::TokenConnection(const std::filesystem::path& file,
                                 std::chrono::milliseconds wait_max, MissingFile missing)
    : database(file, wait_max, missing), tables(prepared(database)), files(file) {}

} // namespace assay::stores
