// The scope library: names and what they mean, for the people who register applications.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/property_store.h"

namespace assay::registry {

struct Scope {
  std::string name;
  std::string description;
};

// RFC 6749 section 3.3: one or more of %x21 / %x23-5B / %x5D-7E; at most 128 characters here.
bool is_scope_token(std::string_view text);

// Throws Unavailable.
class ScopeLibrary {
public:
  explicit ScopeLibrary(PropertyStore& store) : store_(store) {}

  // False if the name is no scope token or the description is longer than 500 bytes. Replaces.
  bool put(const Scope& scope);
  bool remove(std::string_view name); // false if there is none
  std::optional<Scope> find(std::string_view name);
  std::vector<Scope> list(); // sorted by name

private:
  PropertyStore& store_;
};

} // namespace assay::registry
