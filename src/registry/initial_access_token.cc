#include "registry/initial_access_token.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/url.h"
#include "registry/client_secret.h"
#include "registry/record_limits.h"
#include "registry/record_reader.h"
#include "registry/scope_library.h"

namespace assay::registry {

namespace {

constexpr std::size_t kIdBytes = 8;       // 16 hexadecimal digits
constexpr std::size_t kSecretLength = 43; // letters and digits: 256 bits
constexpr char kSeparator = '.';          // in none of the two, and fit for RFC 6750's b64token

bool is_id(std::string_view text) {
  return text.size() == 2 * kIdBytes &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::vector<RegisteredScope> read_scopes(RecordReader& record) {
  std::vector<RegisteredScope> scopes;
  for (RecordReader& item : record.objects("scopes", kScopesMax)) {
    auto scope = item.text("name", {kScopeBytesMax});
    const bool is_default = item.flag("default").value_or(false);
    item.refuse_unknown_members();
    if (!scope || !is_scope_token(*scope))
      item.fault_of("name", "must be a scope of RFC 6749 section 3.3");
    else if (std::ranges::find(scopes, *scope, &RegisteredScope::name) != scopes.end())
      item.fault_of("name", "stands here twice");
    else
      scopes.push_back({std::move(*scope), is_default});
  }
  return scopes;
}

// Names of a closed table, at least one: absent is not the same as all.
template <class Enum>
std::vector<Enum> read_names(RecordReader& record, std::string_view member,
                             std::optional<Enum> (*named)(std::string_view)) {
  std::vector<Enum> values;
  for (const TextItem& item : record.texts(member, {kAuthMethods.size(), kTextBytesMax})) {
    if (const auto value = named(item.text))
      values.push_back(*value);
    else
      record.fault_at(item.field, "is not known here");
  }
  if (values.empty()) record.fault_of(member, "must name at least one");
  return values;
}

std::vector<std::string> read_resources(RecordReader& record) {
  std::vector<std::string> resources;
  for (TextItem& item : record.texts("resources", {kResourcesMax, kUriBytesMax})) {
    if (!is_absolute_uri(item.text))
      record.fault_at(item.field, "must be an absolute URI without a fragment");
    resources.push_back(std::move(item.text));
  }
  return resources;
}

TimePoint read_time(RecordReader& record, std::string_view member) {
  const auto time = record.time(member);
  if (!time && !record.has(member)) record.fault_of(member, "is missing");
  return time.value_or(TimePoint());
}

crypto::Digest read_digest(RecordReader& record) {
  const auto text = record.text("sha256", {kTextBytesMax});
  const auto digest = parse_secret_digest(text.value_or(""));
  if (!digest) record.fault_of("sha256", "must be 64 lower-case hexadecimal digits");
  return digest.value_or(crypto::Digest());
}

std::optional<std::int64_t> read_uses(RecordReader& record) {
  const json::value* member = record.member("uses_left");
  if (!member) return std::nullopt;
  const std::int64_t* uses = member->if_int64();
  if (uses && *uses >= 0 && *uses <= kRegistrationUsesMax) return *uses;
  record.fault_of("uses_left",
                  fmt::format("must be a whole number from 0 to {}", kRegistrationUsesMax));
  return 0;
}

template <class Enum> json::array names_of(const std::vector<Enum>& values) {
  json::array names;
  for (const Enum value : values)
    names.emplace_back(name(value));
  return names;
}

} // namespace

std::string_view name(InitialAccessTokenState state) {
  switch (state) {
  case InitialAccessTokenState::live: return "live";
  case InitialAccessTokenState::expired: return "expired";
  case InitialAccessTokenState::used_up: return "used up";
  }
  ASSAY_ASSERT(false, "a state of the enum");
}

InitialAccessTokenState InitialAccessToken::state_at(TimePoint now) const {
  if (expires_at <= now) return InitialAccessTokenState::expired;
  return uses_left == 0 ? InitialAccessTokenState::used_up : InitialAccessTokenState::live;
}

NewInitialAccessToken make_initial_access_token(InitialAccessToken wanted,
                                                const crypto::Random& random) {
  wanted.id = crypto::random_hex(kIdBytes, random);
  Secret text(wanted.id + kSeparator + crypto::random_alphanumeric(kSecretLength, random));
  wanted.digest = crypto::sha256(text.reveal());
  return {std::move(text), std::move(wanted)};
}

std::optional<std::string_view> initial_access_token_id(std::string_view text) {
  const std::string_view id = text.substr(0, text.find(kSeparator));
  if (!is_id(id) || text.size() != id.size() + 1 + kSecretLength) return std::nullopt;
  return id;
}

json::object to_record(const InitialAccessToken& token) {
  json::array scopes;
  for (const RegisteredScope& scope : token.ceiling.scopes)
    scopes.push_back({{"name", scope.name}, {"default", scope.is_default}});
  json::object record{{"sha256", token.digest.hex()},
                      {"created_at", rfc3339(token.created_at)},
                      {"expires_at", rfc3339(token.expires_at)}};
  if (token.uses_left) record["uses_left"] = *token.uses_left;
  record["registry"] = token.registry;
  record["scopes"] = std::move(scopes);
  record["grants"] = names_of(token.ceiling.grants);
  record["auth_methods"] = names_of(token.ceiling.auth_methods);
  record["resources"] = json::array(token.ceiling.resources.begin(), token.ceiling.resources.end());
  record["dpop_bound"] = token.ceiling.dpop_bound;
  record["tls_bound"] = token.ceiling.tls_bound;
  return record;
}

std::expected<InitialAccessToken, FieldFaults>
parse_initial_access_token(std::string_view id, const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return std::unexpected(FieldFaults{{"", "must be a JSON object"}});
  FieldFaults faults;
  RecordReader record(*object, "", faults);
  InitialAccessToken token;
  token.id = id;
  token.digest = read_digest(record);
  token.created_at = read_time(record, "created_at");
  token.expires_at = read_time(record, "expires_at");
  token.uses_left = read_uses(record);
  token.registry = record.text("registry", {kTextBytesMax}).value_or("");
  if (token.registry.empty()) record.fault_of("registry", "must name a table");
  token.ceiling.scopes = read_scopes(record);
  token.ceiling.grants = read_names(record, "grants", &grant_type_named);
  token.ceiling.auth_methods = read_names(record, "auth_methods", &auth_method_named);
  token.ceiling.resources = read_resources(record);
  token.ceiling.dpop_bound = record.flag("dpop_bound").value_or(false);
  token.ceiling.tls_bound = record.flag("tls_bound").value_or(false);
  record.refuse_unknown_members();
  if (!is_id(id)) record.fault_at("", "must have an id of 16 lower-case hexadecimal digits");
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return token;
}

} // namespace assay::registry
