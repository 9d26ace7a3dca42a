// The applications, as the request's path sees them: an immutable snapshot in memory.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "registry/application.h"
#include "registry/property_store.h"

namespace assay::registry {

inline constexpr std::string_view kDefaultApplicationTable = "ClientApplicationRegistry";

// Called with the key of a row that is not a good record, and why. Such an application counts as
// absent: refusing it is the safe side.
using BadRecordReport = std::function<void(std::string_view key, std::string_view why)>;

// Sharded, copy-on-write. find() may be called from any thread and does no I/O; refresh() from one
// thread at a time.
class ApplicationRegistry {
public:
  // Loads the whole table. Throws Unavailable. The store outlives the registry.
  ApplicationRegistry(PropertyStore& store, std::string table, BadRecordReport report);
  ~ApplicationRegistry();
  ApplicationRegistry(const ApplicationRegistry&) = delete;
  ApplicationRegistry& operator=(const ApplicationRegistry&) = delete;

  // Enabled or not; null if there is none. The value stays valid as long as it is held.
  std::shared_ptr<const Application> find(std::string_view client_id) const;

  // Takes over the rows that changed since the last call. True if there were any. Throws
  // Unavailable; the snapshot then stays as it was.
  bool refresh();

  std::size_t size() const;

private:
  class Shard;
  struct Replacement;

  Shard& shard_of(std::string_view client_id) const;
  Replacement replacement_for(const PropertyChange& change) const;

  PropertyStore& store_;
  std::string table_;
  BadRecordReport report_;
  Version version_ = 0;
  std::unique_ptr<Shard[]> shards_;
};

} // namespace assay::registry
