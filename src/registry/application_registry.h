// The applications, as the request's path sees them: an immutable snapshot in memory.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "registry/application.h"
#include "registry/property_store.h"
#include "registry/sourced_applications.h"

namespace assay::registry {

inline constexpr std::string_view kDefaultApplicationTable = "ClientApplicationRegistry";

// Called with the key of a row that is not a good record, and why. Such an application counts as
// absent: refusing it is the safe side.
using BadRecordReport = std::function<void(std::string_view key, std::string_view why)>;

// Sharded, copy-on-write. Thread-safe; find() does no I/O.
//
// It follows two tables: the records, and what is known of the keys at their URLs. Fetched keys
// stand behind those of the record, and are like them in all else.
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

  // Those of them that have a jwks_uri.
  const SourcedApplications& sourced() const { return sourced_; }

private:
  class Shard;
  struct Replacement;

  Shard& shard_of(std::string_view client_id) const;
  std::shared_ptr<const Application> record_in(const PropertyChange& row) const;
  static std::shared_ptr<const KeySource> source_in(const PropertyChange& row);
  std::vector<Replacement> take_over(const std::vector<PropertyChange>& records,
                                     const std::vector<PropertyChange>& sources);

  PropertyStore& store_;
  std::string table_;
  BadRecordReport report_;
  std::mutex refreshing_; // guards the versions
  Version version_ = 0;
  Version source_version_ = 0;
  SourcedApplications sourced_;
  std::unique_ptr<Shard[]> shards_;
};

} // namespace assay::registry
