#include "jose/algorithm.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace assay::jose {
namespace {

TEST(Algorithm, IsFoundByItsName) {
  for (const Algorithm algorithm : all_algorithms())
    EXPECT_EQ(algorithm_named(name(algorithm)), algorithm) << name(algorithm);
  EXPECT_EQ(algorithm_named("RS256"), Algorithm::rs256);
  EXPECT_EQ(algorithm_named("EdDSA"), Algorithm::eddsa);
}

TEST(Algorithm, IsInTheListOnce) {
  const auto all = all_algorithms();
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), kAlgorithmCount);
}

TEST(Algorithm, IsSpeltInOneWayOnly) {
  for (const char* name : {"rs256", "Rs256", " RS256", "RS256 ", "eddsa", "EDDSA", "ed25519", ""})
    EXPECT_FALSE(algorithm_named(name)) << name;
}

TEST(Algorithm, IsNeverNoneInWhateverCase) {
  for (const char* name : {"none", "None", "NONE", "nOnE", "NonE"})
    EXPECT_FALSE(algorithm_named(name)) << name;
}

TEST(Algorithm, IsNeverSymmetric) {
  for (const char* name : {"HS256", "HS384", "HS512", "A128KW", "dir"})
    EXPECT_FALSE(algorithm_named(name)) << name;
}

TEST(Algorithm, IsNoneThatIsWeakOrUnknown) {
  for (const char* name : {"RS1", "RSA1_5", "ES256K", "ESB256", "X25519", "ML-DSA-44"})
    EXPECT_FALSE(algorithm_named(name)) << name;
}

TEST(Algorithm, FitsTheTypesThatTheStandardsGiveIt) {
  using enum KeyType;
  const std::map<Algorithm, std::set<KeyType>> wanted{
      {Algorithm::rs256, {rsa}},       {Algorithm::rs384, {rsa}},
      {Algorithm::rs512, {rsa}},       {Algorithm::ps256, {rsa}},
      {Algorithm::ps384, {rsa}},       {Algorithm::ps512, {rsa}},
      {Algorithm::es256, {ec_p256}},   {Algorithm::es384, {ec_p384}},
      {Algorithm::es512, {ec_p521}},   {Algorithm::eddsa, {ed25519, ed448}},
      {Algorithm::ed25519, {ed25519}}, {Algorithm::ed448, {ed448}},
  };
  for (const Algorithm algorithm : all_algorithms()) {
    for (const KeyType type : {rsa, ec_p256, ec_p384, ec_p521, ed25519, ed448})
      EXPECT_EQ(fits(algorithm, type), wanted.at(algorithm).contains(type))
          << name(algorithm) << " and " << name(type);
  }
}

} // namespace
} // namespace assay::jose
