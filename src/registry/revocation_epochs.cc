#include "registry/revocation_epochs.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/strict_json.h"

namespace assay::registry {

namespace {

constexpr std::string_view kEpochMember = "granted_before";
constexpr std::size_t kRowBytesMax = 1000;

std::string application_key(std::string_view table, std::string_view client_id) {
  return fmt::format("{}/application/{}", table, client_id);
}

std::string subject_key(std::string_view table, std::string_view subject) {
  return fmt::format("{}/subject/{}", table, subject);
}

std::string row_of(TimePoint epoch) {
  return json::serialize(json::object{{kEpochMember, epoch.time_since_epoch().count()}});
}

std::optional<TimePoint> epoch_in(std::string_view row) {
  const auto value = parse_strict_json(row, {.bytes = kRowBytesMax});
  const json::object* const object = value ? value->if_object() : nullptr;
  if (!object || object->size() != 1) return std::nullopt;
  const json::value* const member = object->if_contains(kEpochMember);
  const std::int64_t* const number = member ? member->if_int64() : nullptr;
  if (!number) return std::nullopt;
  return TimePoint(std::chrono::microseconds(*number));
}

} // namespace

void RevocationEditor::revoke_application(std::string_view table, std::string_view client_id,
                                          TimePoint now) {
  revoke(application_key(table, client_id), now);
}

void RevocationEditor::revoke_subject(std::string_view table, std::string_view subject,
                                      TimePoint now) {
  revoke(subject_key(table, subject), now);
}

// Each round that fails is one in which another revocation was written.
void RevocationEditor::revoke(const std::string& key, TimePoint now) {
  for (;;) {
    const auto row = store_.find(kRevocationTable, key);
    const auto epoch = row ? epoch_in(row->value) : std::nullopt;
    if (epoch && *epoch >= now) return;
    const PropertyWrite write{key, row_of(now), row ? row->version : 0};
    if (store_.apply(kRevocationTable, {&write, 1})) return;
  }
}

RevocationEpochs::RevocationEpochs(PropertyStore& store, BadRecordReport report)
    : store_(store), report_(std::move(report)) {
  refresh();
}

bool RevocationEpochs::is_revoked(std::string_view table, std::string_view client_id,
                                  std::string_view subject, TimePoint granted_at) const {
  if (empty()) return false; // as nearly everywhere, nearly always
  return granted_at <= epoch_of(application_key(table, client_id)) ||
         granted_at <= epoch_of(subject_key(table, subject));
}

void RevocationEpochs::refresh() {
  const auto changes = store_.changes_since(kRevocationTable, version_);
  // Nothing below throws but for want of memory; then the same changes come once more.
  for (const PropertyChange& change : changes)
    take_over(change);
  if (!changes.empty()) version_ = changes.back().version;
}

void RevocationEpochs::take_over(const PropertyChange& change) {
  std::optional<TimePoint> epoch;
  if (change.value) {
    epoch = epoch_in(*change.value);
    if (!epoch) report_(change.key, fmt::format("is not {{\"{}\": microseconds}}", kEpochMember));
  }
  Shard& shard = shards_[place_of(change.key)];
  const std::lock_guard lock(shard.mutex);
  if (!change.value)
    size_ -= shard.epochs.erase(change.key);
  else if (shard.epochs.insert_or_assign(change.key, epoch.value_or(TimePoint::max())).second)
    ++size_;
}

// Before all time if there is none.
TimePoint RevocationEpochs::epoch_of(const std::string& key) const {
  const Shard& shard = shards_[place_of(key)];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.epochs.find(key);
  return found == shard.epochs.end() ? TimePoint::min() : found->second;
}

// The top bits: the maps take the rest.
std::size_t RevocationEpochs::place_of(const std::string& key) const {
  constexpr unsigned kPlaceBits = 4;
  static_assert(std::tuple_size_v<decltype(shards_)> == 1U << kPlaceBits);
  return std::hash<std::string>{}(key) >> (8 * sizeof(std::size_t) - kPlaceBits);
}

} // namespace assay::registry
