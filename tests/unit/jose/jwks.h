// JWKs for the tests of this layer: good ones, from which each test differs in one thing.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <openssl/err.h>

#include "base/base64url.h"
#include "base/strict_json.h"
#include "jose/algorithm.h"
#include "jose/key_fault.h"
#include "support/keys.h"

namespace assay::jose {

inline constexpr std::array kAllKeyTypes{KeyType::rsa,     KeyType::ec_p256, KeyType::ec_p384,
                                         KeyType::ec_p521, KeyType::ed25519, KeyType::ed448};

inline json::object object_of(std::string_view text) {
  return parse_strict_json(text).value().get_object();
}

inline json::object public_jwk(KeyType type) {
  return object_of(testing::key_of(type).public_key().to_jwk());
}

inline json::object private_jwk(KeyType type) {
  return object_of(testing::key_of(type).to_jwk().reveal());
}

inline json::object with(json::object jwk, std::string_view member, json::value value) {
  jwk[member] = std::move(value);
  return jwk;
}

inline json::object without(json::object jwk, std::string_view member) {
  jwk.erase(member);
  return jwk;
}

// What a member has in base64url.
inline std::string octets_of(const json::object& jwk, std::string_view member) {
  return base64url_decode(std::string_view(jwk.at(member).as_string())).value();
}

inline json::object with_octets(json::object jwk, std::string_view member,
                                std::string_view octets) {
  return with(std::move(jwk), member, json::value(base64url_encode(octets)));
}

// Nothing if there is none. Also sees that nothing stays in OpenSSL's queue.
template <class T> std::string fault_of(const KeyResult<T>& result) {
  if (ERR_peek_error() != 0) return "OpenSSL's error queue is not empty";
  return result ? "" : result.error().what;
}

} // namespace assay::jose
