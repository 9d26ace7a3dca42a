// A private PostgreSQL for the tests, a schema in it for each.
#pragma once

#include <filesystem>
#include <string>

#include "support/scratch_folder.h"

namespace assay::testing {

// Stand for the URLs of the two, directly and through pgbouncer: see url_in().
inline constexpr const char* kPostgres = "postgresql://";
inline constexpr const char* kPgbouncer = "postgresql://pgbouncer";

// The URL of a schema of the test's own, named after its folder. Any other URL is as it is. Starts
// the engine if the environment does not say where one runs (ASSAY_TEST_ENGINES: a folder with
// `postgres` as tests/support/postgres_server.py makes it), and stops it when the program ends.
std::string url_in(const std::filesystem::path& folder, const std::string& url);

inline std::string url_in(const ScratchFolder& folder, const std::string& url) {
  return url_in(folder.path(), url);
}

} // namespace assay::testing
