#include "registry/key_source_store.h"

#include <utility>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::registry {

namespace {

constexpr int kTriesMax = 5;

std::optional<KeySource> source_in(const std::optional<Property>& row) {
  if (!row) return std::nullopt;
  auto source = load_key_source(row->value);
  if (!source) return std::nullopt;
  return std::move(*source);
}

} // namespace

std::optional<KeySource> KeySourceStore::find(std::string_view client_id) const {
  return source_in(store_.find(table_, client_id));
}

KeySource KeySourceStore::update(
    std::string_view client_id,
    const std::function<KeySource(std::optional<KeySource> before)>& change) const {
  for (int tries = 0; tries < kTriesMax; ++tries) {
    const auto row = store_.find(table_, client_id);
    KeySource after = change(source_in(row));
    const PropertyWrite write{std::string(client_id), json::serialize(to_record(after)),
                              row ? row->version : 0};
    if (store_.apply(table_, {&write, 1})) return after;
  }
  throw Unavailable(fmt::format("{}: the row of {} changes all the time", table_, client_id));
}

void KeySourceStore::erase(std::string_view client_id) const {
  const PropertyWrite erasure{std::string(client_id), std::nullopt, std::nullopt};
  store_.apply(table_, {&erasure, 1});
}

} // namespace assay::registry
