#include "registry/client_secret.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace assay::registry {
namespace {

TEST(ClientSecret, IsKeptAsTheDigestOfItsText) {
  const NewSecret secret = make_client_secret(crypto::secure_random);
  EXPECT_EQ(std::get<crypto::Digest>(secret.registered.kept), crypto::sha256(secret.text.reveal()));
  EXPECT_FALSE(secret.registered.not_after);
}

TEST(ClientSecret, Has256BitsInLettersAndDigits) {
  const NewSecret secret = make_client_secret(crypto::secure_random);
  EXPECT_EQ(secret.text.reveal().size(), 43U);
  EXPECT_TRUE(std::ranges::all_of(
      secret.text.reveal(), [](unsigned char character) { return std::isalnum(character) != 0; }));
}

TEST(ClientSecret, IsNewEachTime) {
  EXPECT_NE(make_client_secret(crypto::secure_random).text.reveal(),
            make_client_secret(crypto::secure_random).text.reveal());
}

TEST(SecretDigest, IsReadFromItsHexadecimalForm) {
  const crypto::Digest digest = crypto::sha256("a secret");
  EXPECT_EQ(parse_secret_digest(digest.hex()), digest);
}

TEST(SecretDigest, HasOneSpelling) {
  std::string hex = crypto::sha256("a secret").hex();
  EXPECT_FALSE(parse_secret_digest(hex.substr(1)));
  EXPECT_FALSE(parse_secret_digest(hex + "0"));
  EXPECT_FALSE(parse_secret_digest(""));
  hex[63] = 'A';
  EXPECT_FALSE(parse_secret_digest(hex));
  hex[63] = 'g';
  EXPECT_FALSE(parse_secret_digest(hex));
}

} // namespace
} // namespace assay::registry
