// All tokens of an application, or of a subject, revoked at once: not one by one, as there can be
// many, but by an epoch. What was granted up to it is revoked; what is granted later is not.
//
// An epoch is a row of the KPS, and what it is an epoch of is the key:
//
//   table  TokenRevocations
//   key    TABLE/application/CLIENT_ID, TABLE/subject/SUBJECT
//          where TABLE is the one of the applications, whose name has no `/`
//   value  {"granted_before": N}, microseconds since 1970
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "registry/application_registry.h"
#include "registry/property_store.h"

namespace assay::registry {

inline constexpr std::string_view kRevocationTable = "TokenRevocations";

// Writes epochs. None is ever moved back: of two revocations the later one counts, whichever is
// written last. Blocks, and throws Unavailable.
class RevocationEditor {
public:
  explicit RevocationEditor(PropertyStore& store) : store_(store) {}

  void revoke_application(std::string_view table, std::string_view client_id, TimePoint now);
  void revoke_subject(std::string_view table, std::string_view subject, TimePoint now);

private:
  void revoke(const std::string& key, TimePoint now);

  PropertyStore& store_;
};

// The epochs, as the request's path sees them: in memory. is_revoked() and empty() may be called
// from any thread and do no I/O; refresh() from one thread at a time.
class RevocationEpochs {
public:
  // Loads the whole table. Throws Unavailable. The store outlives the epochs. A row that is none is
  // reported, and revokes whatever is ever granted to the one that its key names.
  RevocationEpochs(PropertyStore& store, BadRecordReport report);

  // Whether a token that was granted at that time, by a service whose applications stand in
  // `table`, was revoked together with others.
  bool is_revoked(std::string_view table, std::string_view client_id, std::string_view subject,
                  TimePoint granted_at) const;

  bool empty() const { return size_ == 0; }

  // Takes over the rows that changed since the last call. Throws Unavailable; the epochs then stay
  // as they were.
  void refresh();

private:
  struct alignas(64) Shard { // a cache line: neighbours must not share one
    mutable std::mutex mutex;
    std::unordered_map<std::string, TimePoint> epochs;
  };

  void take_over(const PropertyChange& change);
  TimePoint epoch_of(const std::string& key) const;
  std::size_t place_of(const std::string& key) const;

  PropertyStore& store_;
  BadRecordReport report_;
  Version version_ = 0;
  std::atomic<std::size_t> size_ = 0;
  std::array<Shard, 16> shards_;
};

} // namespace assay::registry
