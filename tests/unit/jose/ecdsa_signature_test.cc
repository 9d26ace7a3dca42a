#include "jose/ecdsa_signature.h"

#include <gtest/gtest.h>

namespace assay::jose {
namespace {

std::string der_of(std::string_view joined) {
  const DerSignature der = ecdsa_to_der(joined);
  return {der.view().begin(), der.view().end()};
}

std::string number(std::size_t bytes, unsigned char last) {
  std::string text(bytes - 1, '\0');
  text.push_back(static_cast<char>(last));
  return text;
}

TEST(EcdsaSignature, DropsLeadingZerosInDer) {
  using namespace std::string_literals;
  EXPECT_EQ(der_of(number(32, 1) + number(32, 2)), "\x30\x06\x02\x01\x01\x02\x01\x02"s);
}

TEST(EcdsaSignature, KeepsOneByteOfZeroInDer) {
  using namespace std::string_literals;
  EXPECT_EQ(der_of(std::string(64, '\0')), "\x30\x06\x02\x01\x00\x02\x01\x00"s);
}

TEST(EcdsaSignature, KeepsNumbersPositiveInDer) {
  using namespace std::string_literals;
  EXPECT_EQ(der_of(number(32, 0x7F) + number(32, 0x80)), "\x30\x07\x02\x01\x7F\x02\x02\x00\x80"s);
}

TEST(EcdsaSignature, WritesTheLongestNumbersOfEachCurve) {
  for (const std::size_t bytes : {64U, 96U, 132U}) {
    const std::string joined(bytes, '\xFF');
    const std::string der = der_of(joined);
    EXPECT_EQ(der.size(), bytes + 6 + (bytes == 132 ? 3 : 2)) << bytes;
    EXPECT_EQ(ecdsa_from_der(ecdsa_to_der(joined).view(), bytes), joined);
  }
}

TEST(EcdsaSignature, GivesNumbersTheirLeadingZerosBack) {
  const std::string joined = number(48, 9) + std::string(1, '\0') + std::string(47, '\xAB');
  EXPECT_EQ(ecdsa_from_der(ecdsa_to_der(joined).view(), 96), joined);
}

TEST(EcdsaSignatureDeathTest, HoldsItsCallersToTheLength) {
  EXPECT_DEATH(ecdsa_to_der(std::string(63, '\1')), "a curve that we know");
  EXPECT_DEATH(ecdsa_to_der(std::string(134, '\1')), "a curve that we know");
  EXPECT_DEATH(ecdsa_to_der(""), "a curve that we know");
}

} // namespace
} // namespace assay::jose
