// A key of an application, as its record has it: text that was checked once and is parsed on use.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/strict_json.h"
#include "crypto/digest.h"
#include "jose/key_fault.h"
#include "jose/public_key.h"

namespace assay::registry {

struct RegisteredKey {
  std::string text;                  // a JWK, or PEM: a certificate or a public key
  crypto::Digest digest;             // of `text`: what KeyCache finds the parsed key by
  std::optional<std::string> key_id; // the record's, else the JWK's own
  bool enabled = true;
  std::optional<TimePoint> not_after; // the operator's limit, beside that of a certificate
};

// Costs 200 µs and more: the request's path asks KeyCache.
jose::KeyResult<jose::PublicKey> parse(const RegisteredKey& key);

// Its item in the list `keys` of a record.
json::object to_record(const RegisteredKey& key);

} // namespace assay::registry
