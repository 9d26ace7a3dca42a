// The versions of what a store keeps its rows in, and how it is brought up to date, for operators.
#pragma once

#include <optional>
#include <string>

namespace assay::stores {

enum class StoreRole { registry, tokens, usage };

struct StoreVersions {
  int of_store = 0;        // 0: there is nothing yet
  int of_program = 0;      // what this program makes of it
  int compatible_from = 0; // the oldest program that works with the store as it is

  bool is_current() const { return of_store >= of_program; }
  bool is_served() const { return compatible_from <= of_program; }
};

// None of a store that is brought up to date whenever it is opened, as files are. Both throw
// Unavailable.
std::optional<StoreVersions> store_versions(StoreRole role, const std::string& url);
void migrate_store(StoreRole role, const std::string& url);

// The URL without what may be a password.
std::string shown_store_url(const std::string& url);

} // namespace assay::stores
