#include "stores/sqlite/sqlite_files.h"

#include <sys/stat.h>

namespace assay::stores {

SqliteFiles::SqliteFiles(const std::filesystem::path& database)
    : identities_{identity_of(database, ""), identity_of(database, "-wal"),
                  identity_of(database, "-shm")} {}

SqliteFiles::Identity SqliteFiles::identity_of(std::filesystem::path database, const char* suffix) {
  database += suffix;
  struct stat status{};
  if (::stat(database.c_str(), &status) != 0) return std::nullopt;
  return std::pair(status.st_dev, status.st_ino);
}

} // namespace assay::stores
