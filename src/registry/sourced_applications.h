// The applications with a jwks_uri: their records, and what is known of their keys there.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "registry/application.h"
#include "registry/key_source.h"

namespace assay::registry {

struct SourcedApplication {
  std::shared_ptr<const Application> record; // with the keys of its record alone
  std::shared_ptr<const KeySource> source;   // of the record's origin; null until there is one
};

// Thread-safe.
class SourcedApplications {
public:
  // Null: there is no such record any more, or it has no jwks_uri.
  void put_record(const std::string& client_id, std::shared_ptr<const Application> record);
  void put_source(const std::string& client_id, std::shared_ptr<const KeySource> source);

  // With a null record if there is none with a jwks_uri.
  SourcedApplication find(const std::string& client_id) const;

  // As the request's path is to see it, or null.
  std::shared_ptr<const Application> merged(const std::string& client_id) const;

  // Those whose keys are to be fetched, and those of which nothing is left but a source that is
  // over.
  std::vector<std::string> due(TimePoint now) const;

private:
  struct Entry {
    std::shared_ptr<const Application> record;
    std::shared_ptr<const KeySource> source; // of whatever origin
    bool fits = false;                       // it is of the record's
  };

  static bool is_due(const Entry& entry, TimePoint now);
  template <class Put> void change(const std::string& client_id, Put put);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

} // namespace assay::registry
