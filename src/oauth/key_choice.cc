#include "oauth/key_choice.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace assay::oauth {

namespace {

using ParsedKey = jose::KeyResult<jose::PublicKey>;

constexpr std::size_t kKeysDescribedMax = 8;

// Of keys none of which can be used, the one that came closest says why.
constexpr std::array kFromFarToClose{Reason::key_unknown, Reason::key_unsuitable,
                                     Reason::key_expired, Reason::key_disabled,
                                     Reason::algorithm_not_allowed};

Reason closer(Reason left, Reason right) {
  const auto place = [](Reason reason) { return std::ranges::find(kFromFarToClose, reason); };
  return std::max(left, right, [&](Reason a, Reason b) { return place(a) < place(b); });
}

// Who asks for a key, and when.
struct Demand {
  const jose::JwsHeader& header;
  const registry::Application& application;
  TimePoint now;
};

// The keys that the header can mean.
std::vector<const registry::RegisteredKey*> meant(const Demand& demand) {
  const auto& key_id = demand.header.key_id;
  std::vector<const registry::RegisteredKey*> named;
  std::vector<const registry::RegisteredKey*> nameless;
  for (const registry::RegisteredKey& key : demand.application.keys) {
    if (!key_id || key.key_id == key_id) named.push_back(&key);
    // A key that was registered without a kid contradicts none: the client named it by itself.
    else if (!key.key_id)
      nameless.push_back(&key);
  }
  return named.empty() ? nameless : named;
}

std::optional<Reason> barred_because(const registry::RegisteredKey& registered,
                                     const ParsedKey& key, const Demand& demand) {
  const jose::Algorithm algorithm = demand.header.algorithm;
  if (!key || !jose::fits(algorithm, key->type())) return Reason::key_unsuitable;
  if (is_over(registered, demand.now) || is_outside_validity(*key, demand.now))
    return Reason::key_expired;
  if (!registered.enabled) return Reason::key_disabled;
  if (!demand.application.allows(algorithm) || !key->accepts(algorithm))
    return Reason::algorithm_not_allowed;
  return std::nullopt;
}

std::string in_words(const std::optional<Reason>& barred, const ParsedKey& key) {
  if (!barred) return "live";
  if (!key) return "unreadable";
  if (barred == Reason::key_unsuitable) return std::string(name(key->type()));
  if (barred == Reason::key_disabled) return "disabled";
  if (barred == Reason::algorithm_not_allowed) return "live, for another algorithm";
  const auto& facts = key->certificate();
  return facts ? fmt::format("good from {} to {}", rfc3339(facts->not_before),
                             rfc3339(facts->not_after))
               : "expired";
}

std::string id_of(const registry::RegisteredKey& registered, const jose::PublicKey& key) {
  return registered.key_id ? *registered.key_id : key.thumbprint().base64url();
}

} // namespace

bool is_over(const registry::RegisteredKey& registered, TimePoint now) {
  return registered.not_after && *registered.not_after <= now;
}

bool is_outside_validity(const jose::PublicKey& key, TimePoint now) {
  const auto& facts = key.certificate();
  return facts && (now < facts->not_before || now > facts->not_after);
}

std::string Candidate::id() const { return id_of(*registered, key); }

KeyChoice choose_keys(const jose::JwsHeader& header, const registry::Application& application,
                      registry::KeyCache& keys, TimePoint now) {
  const Demand demand{header, application, now};
  const auto registered = meant(demand);
  KeyChoice choice;
  for (const registry::RegisteredKey* one : registered) {
    // Before it is parsed: what is out of use shall not cost anything.
    if (!one->enabled || is_over(*one, now)) continue;
    ParsedKey key = keys.parsed(*one);
    if (barred_because(*one, key, demand)) continue;
    choice.candidates.push_back({one, std::move(*key)});
    if (choice.candidates.size() == kKeysTriedMax) break;
  }
  if (!choice.candidates.empty()) return choice;

  Reason reason = Reason::key_unknown;
  for (const registry::RegisteredKey* one : registered)
    if (const auto barred = barred_because(*one, keys.parsed(*one), demand))
      reason = closer(reason, *barred);
  choice.none_because = reason;
  return choice;
}

std::string describe_keys(const jose::JwsHeader& header, const registry::Application& application,
                          registry::KeyCache& keys, TimePoint now) {
  const Demand demand{header, application, now};
  const auto registered = meant(demand);
  std::vector<std::string> texts;
  for (const registry::RegisteredKey* one : registered) {
    if (texts.size() == kKeysDescribedMax) break;
    const ParsedKey key = keys.parsed(*one);
    const std::string id = key ? id_of(*one, *key) : one->key_id.value_or("a key");
    texts.push_back(fmt::format("{} ({})", id, in_words(barred_because(*one, key, demand), key)));
  }
  if (texts.empty()) return fmt::format("none of {} registered", application.keys.size());
  return fmt::format("{}{}", fmt::join(texts, ", "),
                     registered.size() > texts.size() ? ", ..." : "");
}

} // namespace assay::oauth
