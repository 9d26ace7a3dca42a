// What every back end of registry::PropertyStore promises. A new one stands in the list of
// property_store_back_ends.cc, and is held to all of it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "registry/property_store.h"

namespace assay::contract {

// Whether two stores opened at one place are two views of one thing.
enum class Sharing { separate, shared };

struct PropertyStoreBackEnd {
  std::string name;
  Sharing sharing;
  // The store at that place: a folder of the test's own.
  std::function<std::unique_ptr<registry::PropertyStore>(const std::filesystem::path&)> open;
};

std::vector<PropertyStoreBackEnd> property_store_back_ends();

} // namespace assay::contract
