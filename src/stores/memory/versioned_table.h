// One table of the property store in memory: rows, what became of erased ones, and the order of it
// all.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/property_store.h"

namespace assay::stores {

// A value. Its calls are those of registry::PropertyStore, for one table and one thread.
class VersionedTable {
public:
  // The text as it stands, by key.
  using Texts = std::map<std::string, std::string, std::less<>>;

  std::optional<registry::Property> find(std::string_view key) const;
  std::vector<registry::PropertyChange> changes_since(registry::Version version) const;

  bool fits(std::span<const registry::PropertyWrite> writes) const;

  // Whatever the writes expect.
  void apply(std::span<const registry::PropertyWrite> writes);

  // Takes over what somebody else made of the table: rows whose text is the same keep their
  // version.
  void become(const Texts& texts);

  Texts texts() const;

private:
  struct Row {
    std::optional<std::string> value; // none: erased
    registry::Version version = 0;
  };

  void put(std::string_view key, std::optional<std::string> value);

  std::map<std::string, Row, std::less<>> rows_;
  std::map<registry::Version, std::string> keys_by_version_;
  registry::Version latest_ = 0;
};

} // namespace assay::stores
