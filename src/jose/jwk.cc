#include "jose/jwk.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "jose/jwk_reader.h"
#include "jose/key_material.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2, 6.4.1).
constexpr std::array<std::string_view, 8> kPrivateMembers{"d",  "p",  "q",   "dp",
                                                          "dq", "qi", "oth", "k"};

KeyResult<void> check_public(const json::object& jwk) {
  const auto* member = std::ranges::find_if(
      kPrivateMembers, [&](std::string_view name) { return jwk.contains(name); });
  if (member == kPrivateMembers.end()) return {};
  return key_fault(fmt::format("this is a private or a secret key (it has the member {}): register "
                               "its public half alone, and treat this one as leaked",
                               *member));
}

} // namespace

KeyResult<PublicKey> parse_jwk(const json::object& jwk) {
  if (const auto is_public = check_public(jwk); !is_public)
    return std::unexpected(is_public.error());
  if (const auto verifies = check_purpose(jwk, "verify"); !verifies)
    return std::unexpected(verifies.error());
  auto key = read_key_material(jwk, KeyHalf::public_only);
  if (!key) return std::unexpected(std::move(key.error()));
  auto labels = read_labels(jwk, key->type());
  if (!labels) return std::unexpected(std::move(labels.error()));
  return PublicKey(std::make_shared<PublicKey::Parts>(std::move(*key), std::move(*labels)));
}

KeyResult<PublicKey> parse_jwk(std::string_view text) {
  const auto jwk = parse_jwk_object(text);
  if (!jwk) return std::unexpected(jwk.error());
  return parse_jwk(*jwk);
}

} // namespace assay::jose
