#include "registry/application_editor.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "registry/record_limits.h"
#include "registry/revocation_epochs.h"

namespace assay::registry {

namespace {

constexpr std::size_t kIdBytes = 16; // 32 hexadecimal digits

std::unexpected<EditRefusal> refuse_edit(EditFault fault, FieldFaults fields = {}) {
  return std::unexpected(EditRefusal{fault, std::move(fields)});
}

PropertyWrite written(const Application& application, std::optional<Version> expected) {
  return {application.id, json::serialize(to_record(application)), expected};
}

// The row as `change` shall see it: whole if it is good, else what there is of it.
json::object editable(const Property& row) {
  if (const auto application = load_application(row.key, row.value)) return to_record(*application);
  const auto value = parse_strict_json(row.value, {.bytes = kRecordBytesMax});
  return value && value->is_object() ? value->get_object() : json::object{};
}

} // namespace

ApplicationEditor::ApplicationEditor(PropertyStore& store, std::string table, crypto::Random random,
                                     Clock clock)
    : store_(store), table_(std::move(table)), random_(std::move(random)),
      clock_(std::move(clock)) {}

EditResult<Application> ApplicationEditor::create(json::object record) {
  auto application = parse_application(std::move(record));
  if (!application) return refuse_edit(EditFault::bad_record, std::move(application.error()));
  if (application->id.empty()) application->id = crypto::random_hex(kIdBytes, random_);

  const PropertyWrite write = written(*application, 0);
  if (!store_.apply(table_, {&write, 1})) return refuse_edit(EditFault::exists_already);
  return std::move(*application);
}

EditResult<Application>
ApplicationEditor::update(std::string_view client_id,
                          const std::function<void(json::object& record)>& change) {
  const auto row = store_.find(table_, client_id);
  if (!row) return refuse_edit(EditFault::not_found);

  json::object record = editable(*row);
  change(record);
  auto application = parse_application(record);
  if (!application) return refuse_edit(EditFault::bad_record, std::move(application.error()));
  if (application->id.empty()) application->id = row->key;
  if (application->id != row->key)
    return refuse_edit(EditFault::bad_record, {{"client_id", "cannot be changed"}});

  // Only over the row that `change` saw: of two edits at once, one must not undo the other.
  const PropertyWrite write = written(*application, row->version);
  if (!store_.apply(table_, {&write, 1})) return refuse_edit(EditFault::changed_meanwhile);
  return std::move(*application);
}

EditResult<void> ApplicationEditor::remove(std::string_view client_id) {
  const auto row = store_.find(table_, client_id);
  if (!row) return refuse_edit(EditFault::not_found);
  RevocationEditor(store_).revoke_application(table_, row->key, clock_());
  const PropertyWrite erasure{row->key, std::nullopt, row->version};
  if (!store_.apply(table_, {&erasure, 1})) return refuse_edit(EditFault::changed_meanwhile);
  return {};
}

EditResult<Application> ApplicationEditor::show(std::string_view client_id) {
  const auto row = store_.find(table_, client_id);
  if (!row) return refuse_edit(EditFault::not_found);
  auto application = load_application(row->key, row->value);
  if (!application) return refuse_edit(EditFault::bad_record, std::move(application.error()));
  return std::move(*application);
}

std::vector<Application> ApplicationEditor::list() {
  std::vector<Application> applications;
  for (const PropertyChange& row : store_.changes_since(table_, 0)) {
    auto application = load_application(row.key, *row.value);
    if (application) applications.push_back(std::move(*application));
  }
  std::ranges::sort(applications, {}, &Application::id);
  return applications;
}

EditResult<std::size_t> ApplicationEditor::import(const json::array& records) {
  FieldFaults faults;
  std::vector<PropertyWrite> writes;
  std::set<std::string> ids;
  for (std::size_t index = 0; index < records.size(); ++index) {
    const std::string path = fmt::format("applications[{}]", index);
    auto application = parse_application(records[index]);
    if (!application) {
      for (FieldFault& fault : application.error())
        faults.push_back({fault.field.empty() ? path : path + "." + fault.field, fault.what});
      continue;
    }
    if (application->id.empty()) application->id = crypto::random_hex(kIdBytes, random_);
    if (ids.insert(application->id).second)
      writes.push_back(written(*application, std::nullopt));
    else
      faults.push_back({path + ".client_id", "stands in this import twice"});
  }
  if (!faults.empty()) return refuse_edit(EditFault::bad_record, std::move(faults));
  const bool applied = store_.apply(table_, writes);
  ASSAY_ASSERT(applied, "writes that expect no version always fit");
  return writes.size();
}

} // namespace assay::registry
