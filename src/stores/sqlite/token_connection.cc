#include "stores/sqlite/token_connection.h"

namespace assay::stores {

TokenConnection::TokenConnection(const std::filesystem::path& file,
                                 std::chrono::milliseconds wait_max, MissingFile missing)
    : database(file, wait_max, missing), tables(database), files(file) {
  database.migrate(BucketTables::schema());
  // Debian's SQLite overwrites what is deleted. Digests are no secrets, and a purge would write
  // every page that it frees.
  database.execute("PRAGMA secure_delete=OFF");
  // Once more: SQLite makes its log when there is first something to read or write.
  files = SqliteFiles(file);
}

} // namespace assay::stores
