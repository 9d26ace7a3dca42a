#include "registry/signing_key.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/base64url.h"
#include "crypto/seal.h"
#include "registry/rfc3339.h"

namespace assay::registry {

namespace {

constexpr std::array<std::pair<jose::Algorithm, jose::KeyType>, 4> kSigningAlgorithms{
    {{jose::Algorithm::es256, jose::KeyType::ec_p256},
     {jose::Algorithm::eddsa, jose::KeyType::ed25519},
     {jose::Algorithm::rs256, jose::KeyType::rsa},
     {jose::Algorithm::ps256, jose::KeyType::rsa}}};

std::string purpose_of(std::string_view id) { return fmt::format("signing key {}", id); }

// One algorithm, one key: RS256 and PS256 share none (RFC 8725 section 3.1).
jose::KeyType type_for(jose::Algorithm algorithm) {
  for (const auto& [signs, type] : kSigningAlgorithms)
    if (signs == algorithm) return type;
  ASSAY_ASSERT(false, "an algorithm that keys are made for");
}

std::optional<TimePoint> time_in(const json::object& row, std::string_view member) {
  const json::value* value = row.if_contains(member);
  return value && value->is_string() ? parse_rfc3339(value->get_string()) : std::nullopt;
}

std::string text_in(const json::object& row, std::string_view member) {
  const json::value* value = row.if_contains(member);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace

bool can_sign(jose::Algorithm algorithm) {
  return std::ranges::any_of(kSigningAlgorithms,
                             [&](const auto& entry) { return entry.first == algorithm; });
}

std::string_view name(SigningKeyState state) {
  switch (state) {
  case SigningKeyState::announced: return "announced";
  case SigningKeyState::signing: return "signing";
  case SigningKeyState::retired: return "retired";
  case SigningKeyState::gone: return "gone";
  }
  ASSAY_ASSERT(false, "a state of the enum");
}

SigningKeyState SigningKeyRow::state_at(TimePoint now) const {
  if (gone_at && *gone_at <= now) return SigningKeyState::gone;
  if (signs_until && *signs_until <= now) return SigningKeyState::retired;
  return signs_from <= now ? SigningKeyState::signing : SigningKeyState::announced;
}

SigningKeyRow make_signing_key(jose::Algorithm algorithm, TimePoint now, TimePoint signs_from,
                               std::string_view secret, const crypto::Random& random) {
  const jose::PrivateKey key = jose::generate_private_key(type_for(algorithm));
  SigningKeyRow row;
  row.id = key.public_key().thumbprint().base64url();
  row.algorithm = algorithm;
  row.created_at = now;
  row.signs_from = signs_from;
  row.public_jwk = parse_strict_json(key.public_key().to_jwk())->get_object();
  row.sealed = crypto::seal(key.to_jwk().reveal(), secret, purpose_of(row.id), random);
  return row;
}

std::optional<jose::PrivateKey> open_signing_key(const SigningKeyRow& row,
                                                 std::string_view secret) {
  const auto jwk = crypto::unseal(row.sealed, secret, purpose_of(row.id));
  if (!jwk) return std::nullopt;
  auto key = jose::parse_private_key(jwk->reveal());
  if (!key) return std::nullopt;
  return std::move(*key);
}

PropertyWrite to_write(const SigningKeyRow& row) {
  json::object value{{"algorithm", name(row.algorithm)},
                     {"created_at", rfc3339(row.created_at)},
                     {"signs_from", rfc3339(row.signs_from)}};
  if (row.signs_until) value["signs_until"] = rfc3339(*row.signs_until);
  if (row.gone_at) value["gone_at"] = rfc3339(*row.gone_at);
  value["public"] = row.public_jwk;
  if (!row.sealed.empty()) value["sealed"] = base64url_encode(row.sealed);
  return {row.id, json::serialize(value), row.version};
}

std::expected<SigningKeyRow, std::string>
read_signing_key(std::string_view id, std::string_view value, Version version) {
  const auto parsed = parse_strict_json(value);
  const json::object* row = parsed ? parsed->if_object() : nullptr;
  if (!row) return std::unexpected("it is no JSON object");
  const auto algorithm = jose::algorithm_named(text_in(*row, "algorithm"));
  const auto created_at = time_in(*row, "created_at");
  const auto signs_from = time_in(*row, "signs_from");
  const json::value* jwk = row->if_contains("public");
  auto sealed = base64url_decode(text_in(*row, "sealed"));
  if (!algorithm || !created_at || !signs_from || !jwk || !jwk->is_object() || !sealed)
    return std::unexpected("a member is missing or bad");
  // A time that cannot be read would make the key live for ever.
  for (const std::string_view member : {"signs_until", "gone_at"})
    if (row->contains(member) && !time_in(*row, member))
      return std::unexpected(fmt::format("{} is no time", member));
  return SigningKeyRow{std::string(id),
                       *algorithm,
                       *created_at,
                       *signs_from,
                       time_in(*row, "signs_until"),
                       time_in(*row, "gone_at"),
                       jwk->get_object(),
                       std::move(*sealed),
                       version};
}

} // namespace assay::registry
