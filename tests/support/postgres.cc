#include "support/postgres.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

namespace assay::testing {

namespace {

void run_server(const std::string& verb, const std::filesystem::path& folder) {
  const std::string command = fmt::format("/usr/bin/python3 {}/support/postgres_server.py {} {}",
                                          ASSAY_TEST_SOURCES, verb, folder.string());
  if (std::system(command.c_str()) != 0) // NOLINT(concurrency-mt-unsafe): before any thread
    throw std::runtime_error("no PostgreSQL: " + command);
}

class OwnServer {
public:
  OwnServer() {
    // It runs as somebody else if this is root.
    using std::filesystem::perms;
    std::filesystem::permissions(parent_.path(), perms::owner_all | perms::others_exec,
                                 std::filesystem::perm_options::add);
    run_server("start", folder());
  }
  ~OwnServer() { run_server("stop", folder()); }
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  std::filesystem::path folder() const { return parent_ / "postgres"; }

private:
  ScratchFolder parent_;
};

std::filesystem::path server_folder() {
  if (const char* given = std::getenv("ASSAY_TEST_ENGINES")) // NOLINT(concurrency-mt-unsafe)
    return std::filesystem::path(given) / "postgres";
  static const OwnServer own;
  return own.folder();
}

} // namespace

std::string url_in(const std::filesystem::path& folder, const std::string& url) {
  const bool pools = url == kPgbouncer;
  if (!pools && url != kPostgres) return url;
  std::string schema;
  const std::filesystem::path name = folder.parent_path().filename() / folder.filename();
  for (const char character : name.string()) {
    const auto byte = static_cast<unsigned char>(character);
    schema += std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '_';
  }
  return fmt::format("postgresql:///assay?host={}&user=assay&port={}&schema={}{}",
                     server_folder().string(), pools ? 6432 : 5432, schema,
                     pools ? "&pooler=transaction" : "");
}

} // namespace assay::testing
