#include "jose/jwk_reader.h"

#include <gtest/gtest.h>

#include "jose/public_key.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

std::string fault_of_labels(const json::object& jwk, KeyType type = KeyType::ec_p256) {
  return fault_of(read_labels(jwk, type));
}

std::string fault_of_purpose(std::string_view jwk, std::string_view operation = "verify") {
  return fault_of(check_purpose(object_of(jwk), operation));
}

TEST(JwkReader, ReadsAnObjectFromText) {
  EXPECT_EQ(parse_jwk_object(R"({"kty":"EC"})")->at("kty"), "EC");
  EXPECT_EQ(fault_of(parse_jwk_object("[]")), "expected a JSON object");
}

TEST(JwkReader, RefusesMembersThatOccurTwice) {
  EXPECT_EQ(fault_of(parse_jwk_object(R"({"n":"AQ","\u006e":"AQ"})")),
            "not JSON: a member name occurs twice at byte 22");
}

TEST(JwkReader, TellsAbsentTextsFromThoseOfAnotherType) {
  const json::object jwk{{"text", "a"}, {"number", 1}, {"nothing", nullptr}};
  EXPECT_EQ(*optional_text(jwk, "text"), "a");
  EXPECT_EQ(*optional_text(jwk, "absent"), std::nullopt);
  EXPECT_EQ(fault_of(optional_text(jwk, "number")), "the member number must be a string");
  EXPECT_EQ(fault_of(optional_text(jwk, "nothing")), "the member nothing must be a string");
  EXPECT_EQ(*required_text(jwk, "text"), "a");
  EXPECT_EQ(fault_of(required_text(jwk, "absent")), "the member absent is missing");
}

TEST(JwkReader, ReadsOctetsOfOneLengthOnly) {
  const json::object jwk{{"x", "AAEC"}};
  EXPECT_EQ(octets(jwk, "x", 3)->reveal(), std::string_view("\0\1\2", 3));
  EXPECT_EQ(fault_of(octets(jwk, "x", 4)), "the member x must have 4 bytes on this curve");
  EXPECT_EQ(fault_of(octets(jwk, "x", 2)), "the member x has more than 2 bytes");
  EXPECT_EQ(fault_of(octets(jwk, "y", 2)), "the member y is missing");
}

TEST(JwkReader, RefusesOctetsInAnotherSpelling) {
  for (const char* text : {"AAEC=", "AA EC", "AA+/", "AAE", ""})
    EXPECT_NE(fault_of(octets({{"x", text}}, "x", 3)), "") << text;
  EXPECT_EQ(fault_of(octets({{"x", 1}}, "x", 3)), "the member x must be a string");
}

TEST(JwkReader, ReadsNumbers) {
  const auto big = number({{"e", "AQAB"}}, "e", 3);
  ASSERT_TRUE(big);
  EXPECT_EQ(BN_get_word(big->get()), 65537U);
}

// RFC 7518 section 2: "the minimum number of octets necessary". A second spelling of the same key
// would have another thumbprint for those who hash what they were sent.
TEST(JwkReader, RefusesNumbersWithLeadingZeros) {
  EXPECT_EQ(fault_of(number({{"e", "AAEAAQ"}}, "e", 8)), "the member e has leading zeros");
}

TEST(JwkReader, RefusesZero) {
  EXPECT_EQ(fault_of(number({{"e", "AA"}}, "e", 8)), "the member e has leading zeros");
  EXPECT_NE(fault_of(number({{"e", ""}}, "e", 8)), "");
}

TEST(JwkReader, RefusesNumbersThatAreTooLong) {
  EXPECT_EQ(fault_of(number({{"n", std::string(4, 'B')}}, "n", 3)), "");
  EXPECT_EQ(fault_of(number({{"n", std::string(6, 'B')}}, "n", 3)),
            "the member n has more than 3 bytes");
  EXPECT_EQ(fault_of(number({{"n", std::string(1'000'000, 'B')}}, "n", 1024)),
            "the member n has more than 1024 bytes");
}

TEST(JwkReader, ReadsTheKeyId) {
  EXPECT_EQ(read_labels({{"kid", "a"}}, KeyType::rsa)->key_id, "a");
  EXPECT_EQ(read_labels({}, KeyType::rsa)->key_id, std::nullopt);
  EXPECT_EQ(fault_of_labels({{"kid", std::string(kKeyIdBytesMax, 'a')}}), "");
}

TEST(JwkReader, RefusesAKeyIdThatCouldMislead) {
  const std::string fault = "the member kid must have 1 to 256 bytes, and no control character";
  EXPECT_EQ(fault_of_labels({{"kid", ""}}), fault);
  EXPECT_EQ(fault_of_labels({{"kid", std::string(kKeyIdBytesMax + 1, 'a')}}), fault);
  EXPECT_EQ(fault_of_labels({{"kid", "a\nb"}}), fault);
  EXPECT_EQ(fault_of_labels({{"kid", "a\xC2\x9B[31m"}}), fault);
  EXPECT_EQ(fault_of_labels({{"kid", 1}}), "the member kid must be a string");
}

TEST(JwkReader, ReadsTheAlgorithm) {
  EXPECT_EQ(read_labels({{"alg", "ES256"}}, KeyType::ec_p256)->algorithm, Algorithm::es256);
  EXPECT_EQ(read_labels({}, KeyType::ec_p256)->algorithm, std::nullopt);
}

TEST(JwkReader, RefusesAnAlgorithmThatDoesNotFitTheKey) {
  EXPECT_EQ(fault_of_labels({{"alg", "ES384"}}), "ES384 does not fit a P-256 key");
  EXPECT_EQ(fault_of_labels({{"alg", "RS256"}}), "RS256 does not fit a P-256 key");
  EXPECT_EQ(fault_of_labels({{"alg", "Ed448"}}, KeyType::ed25519),
            "Ed448 does not fit a Ed25519 key");
}

TEST(JwkReader, RefusesAnAlgorithmThatIsNotInTheTable) {
  for (const char* text : {"none", "HS256", "RSA-OAEP", "es256", ""})
    EXPECT_EQ(fault_of_labels({{"alg", text}}),
              "the member alg names no algorithm that is accepted here");
  EXPECT_EQ(fault_of_labels({{"alg", nullptr}}), "the member alg must be a string");
}

TEST(JwkReader, TakesAKeyWithoutAPurpose) { EXPECT_EQ(fault_of_purpose("{}"), ""); }

TEST(JwkReader, TakesAKeyForSignaturesAlone) {
  EXPECT_EQ(fault_of_purpose(R"({"use":"sig"})"), "");
  for (const char* jwk : {R"({"use":"enc"})", R"({"use":"SIG"})", R"({"use":""})"})
    EXPECT_EQ(fault_of_purpose(jwk), "the member use must be sig: the key is for signatures");
  EXPECT_EQ(fault_of_purpose(R"({"use":null})"), "the member use must be a string");
}

TEST(JwkReader, TakesAKeyForTheOperationAlone) {
  EXPECT_EQ(fault_of_purpose(R"({"key_ops":["verify"]})"), "");
  EXPECT_EQ(fault_of_purpose(R"({"key_ops":["encrypt","verify"]})"), "");
  EXPECT_EQ(fault_of_purpose(R"({"key_ops":["sign"]})", "sign"), "");
  for (const char* jwk : {R"({"key_ops":[]})", R"({"key_ops":["sign"]})", R"({"key_ops":"verify"})",
                          R"({"key_ops":[["verify"]]})"})
    EXPECT_EQ(fault_of_purpose(jwk), "the member key_ops must be a list with verify in it") << jwk;
}

} // namespace
} // namespace assay::jose
