#include "registry/initial_access_tokens.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/assert.h"

namespace assay::registry {

namespace {

constexpr std::string_view kTable = "InitialAccessTokens";

std::optional<InitialAccessToken> read_row(std::string_view id, std::string_view text,
                                           Version version) {
  const auto value = parse_strict_json(text);
  if (!value) return std::nullopt;
  auto token = parse_initial_access_token(id, *value);
  if (!token) return std::nullopt;
  token->version = version;
  return std::move(*token);
}

} // namespace

std::expected<void, FieldFaults> InitialAccessTokens::add(const InitialAccessToken& token) {
  const json::object record = to_record(token);
  if (auto read = parse_initial_access_token(token.id, record); !read)
    return std::unexpected(std::move(read.error()));
  const PropertyWrite write{token.id, json::serialize(record), 0};
  const bool applied = store_.apply(kTable, {&write, 1});
  ASSAY_ASSERT(applied, "an id of 64 random bits is new");
  return {};
}

std::optional<InitialAccessToken> InitialAccessTokens::find(std::string_view id) {
  const auto row = store_.find(kTable, id);
  if (!row) return std::nullopt;
  return read_row(row->key, row->value, row->version);
}

bool InitialAccessTokens::take_use(const InitialAccessToken& token) {
  InitialAccessToken used = token;
  if (used.uses_left) --*used.uses_left;
  // Written also if it has any number of uses: a token that was revoked meanwhile has no row to
  // write over.
  const PropertyWrite write{token.id, json::serialize(to_record(used)), token.version};
  return store_.apply(kTable, {&write, 1});
}

bool InitialAccessTokens::revoke(std::string_view id) {
  const auto row = store_.find(kTable, id);
  if (!row) return false;
  const PropertyWrite erasure{row->key, std::nullopt, std::nullopt};
  return store_.apply(kTable, {&erasure, 1});
}

std::vector<InitialAccessToken> InitialAccessTokens::list() {
  std::vector<InitialAccessToken> tokens;
  for (const PropertyChange& row : store_.changes_since(kTable, 0))
    if (auto token = read_row(row.key, *row.value, row.version))
      tokens.push_back(std::move(*token));
  std::ranges::sort(tokens, std::ranges::greater(), &InitialAccessToken::created_at);
  return tokens;
}

} // namespace assay::registry
