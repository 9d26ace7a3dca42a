#include "contract/property_store_contract.h"

#include "stores/file/file_property_store.h"
#include "stores/memory/memory_property_store.h"
#include "stores/sqlite/sqlite_property_store.h"

namespace assay::contract {

using std::filesystem::path;

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
  };
}

} // namespace assay::contract
