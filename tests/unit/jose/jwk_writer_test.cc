#include "jose/jwk_writer.h"

#include <vector>

#include <gtest/gtest.h>

#include "jose/key_material.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

CheckedKey read(const json::object& jwk) {
  return read_key_material(jwk, KeyHalf::with_private).value();
}

std::vector<std::string> names(const json::object& members) {
  std::vector<std::string> all;
  for (const auto& member : members)
    all.emplace_back(member.key());
  return all;
}

using Names = std::vector<std::string>;

// RFC 7638 section 3.2: the required members, in lexicographic order.
TEST(JwkWriter, WritesThePublicMembersAsAThumbprintWantsThem) {
  EXPECT_EQ(names(public_members(read(private_jwk(KeyType::rsa)))), (Names{"e", "kty", "n"}));
  EXPECT_EQ(names(public_members(read(private_jwk(KeyType::ec_p384)))),
            (Names{"crv", "kty", "x", "y"}));
  EXPECT_EQ(names(public_members(read(private_jwk(KeyType::ed448)))), (Names{"crv", "kty", "x"}));
}

TEST(JwkWriter, WritesWhatWasRead) {
  for (const KeyType type : kAllKeyTypes) {
    const json::object jwk = private_jwk(type);
    const CheckedKey key = read(jwk);
    json::object written = public_members(key);
    for (const auto& member : private_members(key))
      written.insert(member);
    EXPECT_EQ(written, jwk) << name(type);
  }
}

TEST(JwkWriter, LeavesOutTheFactorsThatAKeyHasNot) {
  json::object jwk = private_jwk(KeyType::rsa);
  for (const char* factor : {"p", "q", "dp", "dq", "qi"})
    jwk.erase(factor);
  EXPECT_EQ(names(private_members(read(jwk))), Names{"d"});
}

// One number in 256 begins with a zero byte. In this key x and d do.
TEST(JwkWriter, KeepsLeadingZeros) {
  const json::object jwk{{"crv", "P-256"},
                         {"kty", "EC"},
                         {"x", "ACc00U0aTGR-Q9_gYWQHn-RP0HivKKm26J8458JW4CE"},
                         {"y", "IryMenPJfPypG0XdoErcfBYKKso9Fdj0J4A3B7oaV0o"},
                         {"d", "APPJ9LAIlBWKoe5oamP2Ae0bho07KylKBGw3RkI71Zw"}};
  EXPECT_EQ(public_members(read(jwk)).at("x"), jwk.at("x"));
  EXPECT_EQ(private_members(read(jwk)).at("d"), jwk.at("d"));
}

} // namespace
} // namespace assay::jose
