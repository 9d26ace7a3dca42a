#include "registry/registered_key.h"

#include "base/assert.h"
#include "jose/jwk.h"
#include "jose/pem.h"

namespace assay::registry {

namespace {

bool is_jwk(const RegisteredKey& key) { return key.text.starts_with('{'); }

} // namespace

jose::KeyResult<jose::PublicKey> parse(const RegisteredKey& key) {
  return is_jwk(key) ? jose::parse_jwk(key.text) : jose::parse_pem(key.text);
}

json::object to_record(const RegisteredKey& key) {
  json::object record;
  if (key.key_id) record["kid"] = *key.key_id;
  if (is_jwk(key)) {
    // What key_reader stored is what json::serialize gave it.
    const auto jwk = parse_strict_json(key.text);
    ASSAY_ASSERT(jwk.has_value(), "the text of a registered JWK is JSON");
    record["jwk"] = *jwk;
  } else {
    record["pem"] = key.text;
  }
  record["enabled"] = key.enabled;
  if (key.not_after) record["not_after"] = rfc3339(*key.not_after);
  return record;
}

} // namespace assay::registry
