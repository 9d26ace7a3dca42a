#include "oauth/dpop_proof.h"

#include <utility>

#include <fmt/format.h>

#include "base/base64url.h"
#include "jose/claims.h"
#include "jose/media_type.h"

namespace assay::oauth {

namespace {

constexpr std::size_t kTextBytesMax = 2048; // of one claim

std::unexpected<Refusal> malformed(std::string detail) {
  return refuse(Reason::dpop_malformed, std::move(detail));
}

Result<jose::CompactJws> parse_jws(std::string_view text) {
  // Padding is let pass in the assertions of old libraries; none of them makes proofs.
  if (text.contains('=')) return malformed("it has padding");
  auto jws = jose::parse_compact_jws(text, {.bytes = kProofBytesMax});
  if (jws) return jws;
  const Refusal& refusal = jws.error();
  if (refusal.reason == Reason::algorithm_unsupported)
    return refuse(Reason::dpop_algorithm_unsupported, refusal.detail);
  return malformed(fmt::format("{}: {}", name(refusal.reason), refusal.detail));
}

// What the reader of all JWTs leaves out on purpose: a key that a JWT brings along proves nothing,
// but in a proof of its own possession.
Result<json::object> key_in(const jose::CompactJws& jws) {
  const std::string_view segment(jws.signing_input.data(), jws.signing_input.find('.'));
  const auto header = parse_strict_json(*base64url_decode(segment));
  const json::value* key = header ? header->get_object().if_contains("jwk") : nullptr;
  if (!key || !key->is_object()) return malformed("expected a jwk in the header");
  return key->get_object();
}

// None if it is absent; a fault if it is there and no text, or a long one.
Result<std::optional<std::string>> text_in(const json::object& claims, std::string_view name) {
  const json::value* claim = claims.if_contains(name);
  if (!claim) return std::nullopt;
  const json::string* text = claim->if_string();
  if (!text || text->empty() || text->size() > kTextBytesMax)
    return malformed(fmt::format("{} is no text of 1 to {} bytes", name, kTextBytesMax));
  return std::string(*text);
}

Result<std::string> required_text(const json::object& claims, std::string_view name) {
  auto text = text_in(claims, name);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return malformed(fmt::format("{} is missing", name));
  return std::move(**text);
}

} // namespace

Result<DpopProof> parse_dpop_proof(std::string_view text) {
  auto jws = parse_jws(text);
  if (!jws) return std::unexpected(std::move(jws.error()));
  // RFC 8725 section 3.11: no other JWT of the same key can be passed off as a proof.
  if (!jws->header.type || !jose::same_media_type(*jws->header.type, "dpop+jwt"))
    return malformed("expected the type dpop+jwt");
  auto key = key_in(*jws);
  if (!key) return std::unexpected(std::move(key.error()));

  const auto registered = jose::parse_claims(jws->payload);
  if (!registered) return malformed(registered.error().detail);
  if (!registered->id || !registered->issued_at) return malformed("expected jti and iat");
  const auto payload = parse_strict_json(jws->payload);
  const json::object& claims = payload->get_object(); // as parse_claims() had it
  auto method = required_text(claims, "htm");
  if (!method) return std::unexpected(std::move(method.error()));
  auto url = required_text(claims, "htu");
  if (!url) return std::unexpected(std::move(url.error()));
  auto nonce = text_in(claims, "nonce");
  if (!nonce) return std::unexpected(std::move(nonce.error()));
  auto token_hash = text_in(claims, "ath");
  if (!token_hash) return std::unexpected(std::move(token_hash.error()));

  return DpopProof{std::move(*jws),    std::move(*key),       *registered->id,
                   std::move(*method), std::move(*url),       *registered->issued_at,
                   std::move(*nonce),  std::move(*token_hash)};
}

} // namespace assay::oauth
