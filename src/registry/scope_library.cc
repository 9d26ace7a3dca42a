#include "registry/scope_library.h"

#include <algorithm>
#include <utility>

#include "base/strict_json.h"
#include "base/utf8.h"
#include "registry/record_limits.h"

namespace assay::registry {

namespace {

constexpr std::string_view kTable = "ScopeLibrary";

// A row that somebody wrote by hand and wrong has no description, but is still a scope.
Scope read_scope(std::string_view key, std::string_view value) {
  Scope scope{std::string(key), {}};
  const auto record = parse_strict_json(value);
  if (!record || !record->is_object()) return scope;
  const json::value* description = record->get_object().if_contains("description");
  if (description && description->is_string()) scope.description = description->get_string();
  return scope;
}

} // namespace

bool is_scope_token(std::string_view text) {
  if (text.empty() || text.size() > kScopeBytesMax) return false;
  return std::ranges::all_of(text, [](char character) {
    return character >= '!' && character <= '~' && character != '"' && character != '\\';
  });
}

bool ScopeLibrary::put(const Scope& scope) {
  if (!is_scope_token(scope.name)) return false;
  if (scope.description.size() > kTextBytesMax || !is_utf8(scope.description)) return false;
  const json::object record{{"description", scope.description}};
  const PropertyWrite write{scope.name, json::serialize(record), std::nullopt};
  return store_.apply(kTable, {&write, 1});
}

bool ScopeLibrary::remove(std::string_view name) {
  const auto row = store_.find(kTable, name);
  if (!row) return false;
  const PropertyWrite erasure{row->key, std::nullopt, std::nullopt};
  return store_.apply(kTable, {&erasure, 1});
}

std::optional<Scope> ScopeLibrary::find(std::string_view name) {
  const auto row = store_.find(kTable, name);
  if (!row) return std::nullopt;
  return read_scope(row->key, row->value);
}

std::vector<Scope> ScopeLibrary::list() {
  std::vector<Scope> scopes;
  for (const PropertyChange& row : store_.changes_since(kTable, 0))
    scopes.push_back(read_scope(row.key, *row.value));
  std::ranges::sort(scopes, {}, &Scope::name);
  return scopes;
}

} // namespace assay::registry
