// Whatever the bytes are: a JWS that is accepted has one spelling but for padding, which is what
// was sent, and claims that are accepted keep to their limits. The bytes are also tried as a header
// and as a payload by themselves, so that a mutation need not keep to base64url.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/base64url.h"
#include "jose/claims.h"
#include "jose/jws.h"
#include "jose/plain_text.h"

namespace {

using namespace assay;

void try_claims(std::string_view payload) {
  const jose::ClaimLimits limits;
  const auto claims = jose::parse_claims(payload, limits);
  if (!claims) {
    ASSAY_ASSERT(claims.error().reason == Reason::claims_malformed, "the one reason");
    return;
  }
  for (const auto& name : {claims->issuer, claims->subject, claims->id})
    ASSAY_ASSERT(!name || (!name->empty() && name->size() <= limits.text_bytes &&
                           !jose::has_control_character(*name)),
                 "a name that can be looked up and logged");
  ASSAY_ASSERT(!claims->id || claims->id->size() <= limits.jti_bytes, "a jti within its limit");
  for (const auto& date : {claims->expires_at, claims->not_before, claims->issued_at})
    ASSAY_ASSERT(!date || (*date >= TimePoint{} && *date <= jose::kFarthestTime),
                 "a date that can be reckoned with");
  ASSAY_ASSERT(!claims->audiences || claims->audiences->size() <= limits.audiences,
               "no more audiences than the limit");
}

std::string without_padding(std::string_view text) {
  std::string bare(text);
  std::erase(bare, '=');
  return bare;
}

void try_jws(std::string_view text) {
  const jose::JwsLimits limits;
  const auto jws = jose::parse_compact_jws(text, limits);
  if (!jws) return;
  ASSAY_ASSERT(std::ranges::count(text, '.') == 2, "three segments");
  ASSAY_ASSERT(text.starts_with(jws->signing_input + '.'), "the signing input as it was sent");
  const std::string signed_text = without_padding(jws->signing_input);
  ASSAY_ASSERT(without_padding(text) == signed_text + '.' + base64url_encode(jws->signature),
               "the signature as it was sent");
  ASSAY_ASSERT(signed_text.ends_with('.' + base64url_encode(jws->payload)),
               "the payload as it was sent");
  const auto& key_id = jws->header.key_id;
  ASSAY_ASSERT(!key_id || (!key_id->empty() && key_id->size() <= limits.key_id_bytes &&
                           !jose::has_control_character(*key_id)),
               "a kid that can be looked up and logged");
  try_claims(jws->payload);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  try_jws(text);
  try_jws(jose::signing_input(text, "{}") + ".AA");
  try_claims(text);
  return 0;
}
