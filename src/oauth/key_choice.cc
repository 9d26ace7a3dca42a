#include "oauth/key_choice.h"

#include <algorithm>

namespace assay::oauth {

namespace {

bool any_registered_as(const registry::Application& application, const std::string& key_id) {
  return std::ranges::any_of(application.keys,
                             [&](const auto& key) { return key.key_id == key_id; });
}

// Without the parsed key: what the record alone says against it.
std::optional<Reason> barred_by_record(const registry::RegisteredKey& key, TimePoint now) {
  if (!key.enabled) return Reason::key_disabled;
  if (key.not_after && *key.not_after <= now) return Reason::key_expired;
  return std::nullopt;
}

std::optional<Reason> barred_by_key(const jose::PublicKey& key, jose::Algorithm algorithm,
                                    TimePoint now) {
  // A certificate verifies only within its validity.
  if (const auto& facts = key.certificate();
      facts && (now < facts->not_before || now > facts->not_after))
    return Reason::key_expired;
  if (!jose::fits(algorithm, key.type())) return Reason::key_unsuitable;
  if (!key.accepts(algorithm)) return Reason::algorithm_not_allowed;
  return std::nullopt;
}

std::string id_of(const registry::RegisteredKey& registered, const jose::PublicKey& key) {
  return registered.key_id ? *registered.key_id : key.thumbprint().base64url();
}

} // namespace

KeyChoice choose_keys(const jose::JwsHeader& header, const registry::Application& application,
                      registry::KeyCache& keys, TimePoint now) {
  if (!application.allows(header.algorithm)) return {{}, Reason::algorithm_not_allowed};

  // A key that was registered without a kid contradicts none: the client named it by itself.
  const bool by_key_id = header.key_id && any_registered_as(application, *header.key_id);

  KeyChoice choice{{}, Reason::key_unknown};
  for (const registry::RegisteredKey& registered : application.keys) {
    if (by_key_id ? registered.key_id != header.key_id : header.key_id && registered.key_id)
      continue;
    if (const auto barred = barred_by_record(registered, now)) {
      choice.none_because = barred;
      continue;
    }
    const auto key = keys.parsed(registered);
    if (!key) {
      choice.none_because = Reason::key_unsuitable;
      continue;
    }
    if (const auto barred = barred_by_key(*key, header.algorithm, now)) {
      choice.none_because = barred;
      continue;
    }
    choice.candidates.push_back({*key, id_of(registered, *key)});
    if (choice.candidates.size() == kKeysTriedMax) break;
  }
  if (!choice.candidates.empty()) choice.none_because.reset();
  return choice;
}

} // namespace assay::oauth
