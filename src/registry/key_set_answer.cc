#include "registry/key_set_answer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/strict_json.h"
#include "fetch/freshness.h"
#include "jose/jwk.h"
#include "registry/record_limits.h"

namespace assay::registry {

namespace {

constexpr long kOk = 200;

std::vector<std::string> usable_keys(const json::array& jwks) {
  std::vector<std::string> keys;
  for (const json::value& jwk : jwks) {
    const json::object* object = jwk.if_object();
    if (!object) continue;
    const auto key = jose::parse_jwk(*object);
    if (!key) continue;
    // As we write it: without certificates and whatever else may stand in it.
    std::string text = key->to_jwk();
    if (std::ranges::find(keys, text) == keys.end()) keys.push_back(std::move(text));
  }
  return keys;
}

} // namespace

std::expected<FetchedKeys, std::string> read_key_set(const fetch::FetchResult& answer,
                                                     TimePoint now) {
  if (!answer) return std::unexpected(answer.error().what);
  if (answer->status != kOk)
    return std::unexpected(fmt::format("the answer has the status {}", answer->status));

  const auto document = parse_strict_json(answer->body, {.bytes = answer->body.size()});
  const json::object* set = document ? document->if_object() : nullptr;
  const json::value* member = set ? set->if_contains("keys") : nullptr;
  const json::array* jwks = member ? member->if_array() : nullptr;
  if (!jwks) return std::unexpected("the answer is no JWK Set");
  if (jwks->size() > kKeysMax)
    return std::unexpected(fmt::format("the JWK Set has more than {} keys", kKeysMax));

  FetchedKeys fetched{usable_keys(*jwks), fetch::freshness(*answer, now)};
  if (fetched.keys.empty())
    return std::unexpected("the JWK Set has no key that can verify a signature here");
  return fetched;
}

} // namespace assay::registry
