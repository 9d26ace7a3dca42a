// The rows of a registry's key sources in the property store.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "registry/key_source.h"
#include "registry/property_store.h"

namespace assay::registry {

// Blocks; throws Unavailable. As thread-safe as the store, which outlives it.
class KeySourceStore {
public:
  // `table` is that of the applications.
  KeySourceStore(PropertyStore& store, std::string_view table)
      : store_(store), table_(key_source_table(table)) {}

  // None also if the row cannot be read: then it counts as never fetched.
  std::optional<KeySource> find(std::string_view client_id) const;

  // Writes what `change` makes of the row that is there. It may be called again if another node
  // wrote meanwhile, so that of two fetches that end at once the slower does not undo the newer.
  KeySource update(std::string_view client_id,
                   const std::function<KeySource(std::optional<KeySource> before)>& change) const;

  void erase(std::string_view client_id) const;

private:
  PropertyStore& store_;
  std::string table_;
};

} // namespace assay::registry
