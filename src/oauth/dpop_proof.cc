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

std::string_view DpopProof::header() const {
  const std::string_view signed_text = jws.signing_input;
  return signed_text.substr(0, signed_text.find('.'));
}

// What the reader of all JWTs leaves out on purpose: a key that a JWT brings along proves nothing,
// but in a proof of its own possession.
Result<json::object> key_in(const DpopProof& proof) {
  const auto header = parse_strict_json(*base64url_decode(proof.header()));
  const json::value* key = header ? header->get_object().if_contains("jwk") : nullptr;
  if (!key || !key->is_object()) return malformed("expected a jwk in the header");
  return key->get_object();
}

Result<DpopProof> parse_dpop_proof(std::string_view text) {
  auto jws = parse_jws(text);
  if (!jws) return std::unexpected(std::move(jws.error()));
  // RFC 8725 section 3.11: no other JWT of the same key can be passed off as a proof.
  if (!jws->header.type || !jose::same_media_type(*jws->header.type, "dpop+jwt"))
    return malformed("expected the type dpop+jwt");
  const auto payload = parse_strict_json(jws->payload);
  if (!payload || !payload->is_object()) return malformed("the payload is no JSON object");
  const json::object& claims = payload->get_object();
  auto registered = jose::read_claims(claims);
  if (!registered) return malformed(registered.error().detail);
  if (!registered->id || !registered->issued_at) return malformed("expected jti and iat");
  auto method = required_text(claims, "htm");
  if (!method) return std::unexpected(std::move(method.error()));
  auto url = required_text(claims, "htu");
  if (!url) return std::unexpected(std::move(url.error()));
  auto nonce = text_in(claims, "nonce");
  if (!nonce) return std::unexpected(std::move(nonce.error()));
  auto token_hash = text_in(claims, "ath");
  if (!token_hash) return std::unexpected(std::move(token_hash.error()));

  return DpopProof{.jws = std::move(*jws),
                   .id = std::move(*registered->id),
                   .method = std::move(*method),
                   .url = std::move(*url),
                   .issued_at = *registered->issued_at,
                   .nonce = std::move(*nonce),
                   .token_hash = std::move(*token_hash)};
}

} // namespace assay::oauth
