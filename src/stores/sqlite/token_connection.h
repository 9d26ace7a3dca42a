// One connection to a token file, with what it knows of the file.
#pragma once

#include <chrono>
#include <filesystem>

#include "stores/sqlite/sqlite_database.h"
#include "stores/sqlite/sqlite_files.h"
#include "stores/sqlite/token_tables.h"

namespace assay::stores {

// For one thread at a time. Throws Unavailable if the file cannot be opened, or is none of tokens.
struct TokenConnection {
  TokenConnection(const std::filesystem::path& file, std::chrono::milliseconds wait_max,
                  MissingFile missing);

  SqliteDatabase database;
  TokenTables tables;
  SqliteFiles files;
};

} // namespace assay::stores
