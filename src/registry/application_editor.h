// Changes application records: what the command line (and later the manager) does to the registry.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/random.h"
#include "registry/application.h"
#include "registry/property_store.h"

namespace assay::registry {

enum class EditFault { not_found, exists_already, bad_record, changed_meanwhile };

struct EditRefusal {
  EditFault fault;
  FieldFaults fields; // for bad_record
};

template <class T> using EditResult = std::expected<T, EditRefusal>;

// Every change is whole: checked as parse_application checks it, written in one call, or refused
// with nothing written. Throws Unavailable.
class ApplicationEditor {
public:
  ApplicationEditor(PropertyStore& store, std::string table, crypto::Random random, Clock clock);

  // A record without client_id gets one: 32 random hexadecimal characters.
  EditResult<Application> create(json::object record);

  // `change` edits the record as it is now, with all its members; client_id cannot be changed. A
  // stored record that is not good reaches `change` as it stands, so that it can be mended.
  EditResult<Application> update(std::string_view client_id,
                                 const std::function<void(json::object& record)>& change);

  // All its tokens are revoked first (registry/revocation_epochs): an application that is created
  // under the same client_id later must not find them good again.
  EditResult<void> remove(std::string_view client_id);

  EditResult<Application> show(std::string_view client_id);

  // Sorted by client_id. Rows that are no good records are left out: to the server they count as
  // absent too, and show() says what is wrong with one.
  std::vector<Application> list();

  // All or none; records that exist are replaced, one client_id twice is a fault. The fields of a
  // fault begin with `applications[N]`. Gives their number.
  EditResult<std::size_t> import(const json::array& records);

private:
  PropertyStore& store_;
  std::string table_;
  crypto::Random random_;
  Clock clock_;
};

} // namespace assay::registry
