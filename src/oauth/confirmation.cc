#include "oauth/confirmation.h"

#include <algorithm>
#include <array>

#include "base/base64url.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kKey = "jkt";
constexpr std::string_view kCertificate = "x5t#S256";

std::optional<crypto::Digest> read_digest(const json::value& member) {
  const auto* text = member.if_string();
  const auto bytes = text ? base64url_decode(*text) : std::nullopt;
  if (!bytes || bytes->size() != crypto::Digest::kBytes) return std::nullopt;
  std::array<unsigned char, crypto::Digest::kBytes> digest{};
  std::ranges::copy(*bytes, digest.begin());
  return crypto::Digest(digest);
}

} // namespace

std::string_view name(const Confirmation& confirmation) {
  if (confirmation.key) return confirmation.certificate ? "dpop tls" : "dpop";
  return confirmation.certificate ? "tls" : "";
}

json::object to_members(const Confirmation& confirmation) {
  json::object members;
  if (confirmation.key) members[kKey] = confirmation.key->base64url();
  if (confirmation.certificate) members[kCertificate] = confirmation.certificate->base64url();
  return members;
}

std::optional<Confirmation> read_confirmation(const json::object& members) {
  Confirmation confirmation;
  for (const auto& [name, digest] :
       {std::pair(kKey, &confirmation.key), std::pair(kCertificate, &confirmation.certificate)})
    if (const json::value* member = members.if_contains(name)) {
      *digest = read_digest(*member);
      if (!*digest) return std::nullopt;
    }
  return confirmation;
}

} // namespace assay::oauth
