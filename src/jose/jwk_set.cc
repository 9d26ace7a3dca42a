#include "jose/jwk_set.h"

#include <utility>

#include <fmt/format.h>

#include "jose/jwk.h"
#include "jose/jwk_reader.h"
#include "jose/key_material.h"

namespace assay::jose {

namespace {

// The text of a member; empty if there is none. What is there and no text is for parse_jwk() to
// refuse.
std::string_view text_of(const json::object& jwk, std::string_view name) {
  const json::value* member = jwk.if_contains(name);
  const json::string* text = member ? member->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

bool is_for_others(const json::object& jwk) {
  if (const auto use = text_of(jwk, "use"); !use.empty() && use != "sig") return true;
  if (const json::value* operations = jwk.if_contains("key_ops");
      operations && operations->is_array() && !check_purpose(jwk, "verify"))
    return true;
  if (const auto alg = text_of(jwk, "alg"); !alg.empty() && !algorithm_named(alg)) return true;
  const std::string_view type = text_of(jwk, "kty");
  if (type == "EC" || type == "OKP") return !is_known_curve(text_of(jwk, "crv"));
  return type != "RSA" && !type.empty();
}

} // namespace

KeyResult<std::vector<PublicKey>> parse_jwk_set(std::string_view text) {
  const auto set = parse_jwk_object(text);
  if (!set) return std::unexpected(set.error());
  const json::value* member = set->if_contains("keys");
  const json::array* keys = member ? member->if_array() : nullptr;
  if (!keys) return key_fault("a JWK Set has a member keys, which is a list");
  if (keys->size() > kKeysInSetMax)
    return key_fault(fmt::format("a JWK Set may have at most {} keys", kKeysInSetMax));

  std::vector<PublicKey> parsed;
  for (std::size_t at = 0; at < keys->size(); ++at) {
    const json::object* jwk = (*keys)[at].if_object();
    if (!jwk) return key_fault(fmt::format("keys[{}] is no JSON object", at));
    if (is_for_others(*jwk)) continue;
    auto key = parse_jwk(*jwk);
    if (!key) return key_fault(fmt::format("keys[{}]: {}", at, key.error().what));
    parsed.push_back(std::move(*key));
  }
  if (parsed.empty()) return key_fault("the JWK Set has no key that can verify a signature here");
  return parsed;
}

} // namespace assay::jose
