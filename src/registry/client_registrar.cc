#include "registry/client_registrar.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/unavailable.h"
#include "registry/client_secret.h"
#include "registry/replaced_keys.h"

namespace assay::registry {

namespace {

// Whoever lost the race for a row so often waits for too many others.
constexpr int kAttemptsMax = 10;

[[noreturn]] void give_up() { throw Unavailable("too many change the same registration at once"); }

std::unexpected<Refusal> refuse_metadata(const FieldFaults& faults) {
  return refuse(Reason::client_metadata_invalid, to_text(faults));
}

std::unexpected<Refusal> refuse_metadata(const MetadataRefusal& refusal) {
  switch (refusal.fault) {
  case MetadataFault::invalid: return refuse_metadata(refusal.fields);
  case MetadataFault::redirect_uri: return refuse(Reason::redirect_uri_unsupported);
  case MetadataFault::software_statement: return refuse(Reason::software_statement_unapproved);
  }
  ASSAY_ASSERT(false, "a fault of the enum");
}

AuthMethod method_in(const json::object& members) {
  return *auth_method_named(members.at("auth_methods").as_array().front().as_string());
}

json::array secrets_with(const NewSecret& secret) {
  const auto& digest = std::get<crypto::Digest>(secret.registered.kept);
  return {json::object{{"sha256", digest.hex()}}};
}

bool is_secret_of(const Application& application, std::string_view text) {
  const crypto::Digest digest = crypto::sha256(text);
  return std::ranges::any_of(application.secrets, [&](const RegisteredSecret& secret) {
    if (const auto* kept = std::get_if<crypto::Digest>(&secret.kept))
      return crypto::constant_time_equal(*kept, digest);
    return std::get<crypto::PasswordHash>(secret.kept).matches(text);
  });
}

// RFC 7592 section 2.2: what an update has to name, and what it must not.
FieldFaults faults_in_update(const Application& application, const json::object& metadata) {
  constexpr std::array<std::string_view, 4> kServersOwn{
      "registration_access_token", "registration_client_uri", "client_secret_expires_at",
      "client_id_issued_at"};
  FieldFaults faults;
  const json::value* id = metadata.if_contains("client_id");
  if (!id || !id->is_string() || id->get_string() != application.id)
    faults.push_back({"client_id", "must be the client's own"});
  for (const std::string_view member : kServersOwn)
    if (metadata.contains(member))
      faults.push_back({std::string(member), "must not stand in an update"});
  const json::value* secret = metadata.if_contains("client_secret");
  if (secret && (!secret->is_string() || !is_secret_of(application, secret->get_string())))
    faults.push_back({"client_secret", "must be the client's own, or left out"});
  return faults;
}

} // namespace

Result<Registered> ClientRegistrar::create(const Secret& initial_token,
                                           const json::object& metadata) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto token = live_token(initial_token);
    if (!token) return std::unexpected(token.error());

    auto record = to_client_members(metadata, {token->ceiling, parts_.introspection_algorithm});
    if (!record) return refuse_metadata(record.error());
    (*record)["resources"] =
        json::array(token->ceiling.resources.begin(), token->ceiling.resources.end());
    (*record)["registered_by"] = token->id;
    Registered registered;
    auto access = make_client_secret(parts_.random);
    (*record)["registration_token_sha256"] = std::get<crypto::Digest>(access.registered.kept).hex();
    registered.registration_access_token = std::move(access.text);
    if (uses_secret(method_in(*record))) {
      auto secret = make_client_secret(parts_.random);
      (*record)["secrets"] = secrets_with(secret);
      registered.client_secret = std::move(secret.text);
    }
    if (const auto checked = parse_application(*record); !checked)
      return refuse_metadata(in_metadata(checked.error()));

    // Commit. Of two that race for the last use one finds the row changed, and is judged anew.
    if (!tokens_.take_use(*token)) continue;
    auto application = editor(token->registry).create(std::move(*record));
    ASSAY_ASSERT(application.has_value(), "a record that was checked, under a new id");
    registered.application = std::move(*application);
    parts_.publish();
    return registered;
  }
  give_up();
}

Result<Application> ClientRegistrar::show(const std::string& client_id, const Secret& token) {
  auto found = find(client_id, token);
  if (!found) return std::unexpected(std::move(found.error()));
  return std::move(found->application);
}

Result<Registered> ClientRegistrar::replace(const std::string& client_id, const Secret& token,
                                            const json::object& metadata) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto found = find(client_id, token);
    if (!found) return std::unexpected(found.error());
    Registered registered;
    auto record = replacement(*found, metadata, registered);
    if (!record) return std::unexpected(std::move(record.error()));
    const auto written = write(*found, std::move(*record), registered);
    if (!written) return std::unexpected(written.error());
    if (*written == Written::changed_meanwhile) continue;
    parts_.publish();
    return registered;
  }
  give_up();
}

Result<void> ClientRegistrar::remove(const std::string& client_id, const Secret& token) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    const auto found = find(client_id, token);
    if (!found) return std::unexpected(found.error());
    if (!editor(found->table).remove(client_id)) continue;
    parts_.publish();
    return {};
  }
  give_up();
}

Result<InitialAccessToken> ClientRegistrar::live_token(const Secret& text) {
  const auto id = initial_access_token_id(text.reveal());
  auto token = id ? tokens_.find(*id) : std::nullopt;
  if (!token || !crypto::constant_time_equal(token->digest, crypto::sha256(text.reveal())))
    return refuse(Reason::registration_token_unknown);
  // Only now: before the proof, this would tell strangers which tokens there are.
  switch (token->state_at(parts_.clock())) {
  case InitialAccessTokenState::live: return std::move(*token);
  case InitialAccessTokenState::expired:
    return refuse(Reason::registration_token_expired, token->id);
  case InitialAccessTokenState::used_up:
    return refuse(Reason::registration_token_used_up, token->id);
  }
  ASSAY_ASSERT(false, "a state of the enum");
}

Result<ClientRegistrar::Found> ClientRegistrar::find(const std::string& client_id,
                                                     const Secret& token) {
  const crypto::Digest digest = crypto::sha256(token.reveal());
  bool is_known = false;
  for (const std::string& table : parts_.tables) {
    auto application = editor(table).show(client_id);
    if (!application) continue;
    is_known = true;
    const auto& wanted = application->registration_token_sha256;
    if (!wanted || !crypto::constant_time_equal(*wanted, digest)) continue;
    if (!application->enabled) return refuse(Reason::registration_client_disabled, client_id);
    return Found{table, std::move(*application)};
  }
  return refuse(is_known ? Reason::registration_token_foreign
                         : Reason::registration_client_unknown);
}

// As at its creation, whatever an operator has changed since; without the token it can only be
// less.
MetadataRules ClientRegistrar::rules_for(const Application& application) {
  auto token = tokens_.find(application.registered_by);
  return {token ? std::move(token->ceiling) : ceiling_of(application),
          parts_.introspection_algorithm};
}

// The record as it is to be. A secret that is there stays; one is made if the client comes to need
// it, and goes when it no longer does.
Result<json::object> ClientRegistrar::replacement(const Found& found, const json::object& metadata,
                                                  Registered& registered) {
  const Application& application = found.application;
  if (const auto faults = faults_in_update(application, metadata); !faults.empty())
    return refuse_metadata(faults);
  auto members = to_client_members(metadata, rules_for(application));
  if (!members) return refuse_metadata(members.error());

  json::array brought;
  if (const json::value* keys = members->if_contains("keys")) brought = keys->get_array();
  auto keys = replaced_keys(std::move(brought), application.keys);
  if (!keys) return refuse_metadata(in_metadata(std::move(keys.error())));
  (*members)["keys"] = std::move(*keys);

  json::object record = to_record(application);
  for (const std::string_view member : kClientMembers)
    record.erase(member);
  for (const auto& [name, value] : *members)
    record[name] = value;
  if (!uses_secret(method_in(record))) {
    record.erase("secrets");
  } else if (application.secrets.empty()) {
    auto secret = make_client_secret(parts_.random);
    record["secrets"] = secrets_with(secret);
    registered.client_secret = std::move(secret.text);
  }
  return record;
}

Result<ClientRegistrar::Written> ClientRegistrar::write(const Found& found, json::object record,
                                                        Registered& registered) {
  const json::object seen = to_record(found.application);
  bool is_same = false;
  auto application = editor(found.table).update(found.application.id, [&](json::object& current) {
    // An operator may have disabled the application, or a key, since it was looked at.
    is_same = current == seen;
    if (is_same) current = std::move(record);
  });
  if (!application && application.error().fault == EditFault::bad_record)
    return refuse_metadata(in_metadata(std::move(application.error().fields)));
  if (!application || !is_same) return Written::changed_meanwhile;
  registered.application = std::move(*application);
  return Written::yes;
}

ApplicationEditor ClientRegistrar::editor(const std::string& table) const {
  return {parts_.store, table, parts_.random, parts_.clock};
}

} // namespace assay::registry
