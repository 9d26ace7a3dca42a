// Whether the files of an open database are still those of their names.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include <sys/types.h>

namespace assay::stores {

// Files that somebody moved away, deleted or replaced are written to all the same, and lost to
// everybody who comes later: the database itself, its write-ahead log, and the log's index. A
// value; three calls of stat(2) a comparison.
class SqliteFiles {
public:
  // As they are now. SQLite makes the last two when a connection first reads.
  explicit SqliteFiles(const std::filesystem::path& database);

  bool operator==(const SqliteFiles&) const = default;

private:
  using Identity = std::optional<std::pair<dev_t, ino_t>>; // none: there is no such file

  static Identity identity_of(std::filesystem::path database, const char* suffix);

  std::array<Identity, 3> identities_;
};

} // namespace assay::stores
