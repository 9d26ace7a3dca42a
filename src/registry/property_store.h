// The port to the Key Property Store (KPS): named tables of JSON records, read often and written
// rarely. Every back end passes tests/contract/property_store_contract.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::registry {

// Grows with every write to a table, by a number of its own for each row; 0 stands for "before the
// first". Versions from one store object mean nothing to another: a file keeps none.
using Version = std::uint64_t;

struct Property {
  std::string key;
  std::string value; // JSON text; a store may spell it otherwise than it was written
  Version version = 0;
};

struct PropertyChange {
  std::string key;
  std::optional<std::string> value; // none: erased
  Version version = 0;
};

struct PropertyWrite {
  std::string key;
  std::optional<std::string> value; // none: erase
  // The version that the row must have for the write to count: 0 means "must not exist", be it
  // erased or never written. None: whatever is there.
  std::optional<Version> expected;
};

// All calls block and may be made from any thread, but never from the request's path: requests read
// the snapshot of ApplicationRegistry. All throw Unavailable when the store does not answer.
class PropertyStore {
public:
  virtual ~PropertyStore() = default;

  virtual std::optional<Property> find(std::string_view table, std::string_view key) = 0;

  // Every row whose version is above `version`, in the order of versions, erased rows too. With 0:
  // the whole table, without the erased. Cheap when nothing changed.
  virtual std::vector<PropertyChange> changes_since(std::string_view table, Version version) = 0;

  // The names of all tables that have a row, in no order. For copying: it may take long.
  virtual std::vector<std::string> tables() = 0;

  // All writes or none: false, and nothing written, if one's expected version does not fit. No key
  // stands twice among the writes. To erase what is not there changes nothing. Durable before it
  // returns; seen by other processes from then on.
  virtual bool apply(std::string_view table, std::span<const PropertyWrite> writes) = 0;
};

} // namespace assay::registry
