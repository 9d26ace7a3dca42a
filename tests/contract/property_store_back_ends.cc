#include "contract/property_store_contract.h"

#include "stores/file/file_property_store.h"
#include "stores/memory/memory_property_store.h"
#include "stores/open.h"
#include "stores/sqlite/sqlite_property_store.h"
#include "support/postgres.h"

namespace assay::contract {

using std::filesystem::path;

namespace {

std::function<std::unique_ptr<registry::PropertyStore>(const path&)> in(const std::string& url) {
  return [url](const path& folder) {
    return stores::open_property_store(testing::url_in(folder, url), folder);
  };
}

} // namespace

std::vector<PropertyStoreBackEnd> property_store_back_ends() {
  return {
      {"memory", Sharing::separate,
       [](const path&) { return std::make_unique<stores::MemoryPropertyStore>(); }},
      {"file", Sharing::shared,
       [](const path& folder) {
         return std::make_unique<stores::FilePropertyStore>(folder / "registry.json");
       }},
      {"sqlite", Sharing::shared,
       [](const path& folder) {
         return std::make_unique<stores::SqlitePropertyStore>(folder / "registry.db");
       }},
      {"postgres", Sharing::shared, in(testing::kPostgres)},
      {"pgbouncer", Sharing::shared, in(testing::kPgbouncer)},
  };
}

} // namespace assay::contract
