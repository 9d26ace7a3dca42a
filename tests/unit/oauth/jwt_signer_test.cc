#include "oauth/jwt_signer.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "base/unavailable.h"
#include "support/keys.h"
#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

std::shared_ptr<const registry::SigningKey> signing_key(jose::Algorithm algorithm,
                                                        const jose::PrivateKey& key) {
  return std::make_shared<const registry::SigningKey>("key-1", algorithm, key);
}

class Signing : public ::testing::Test {
protected:
  std::string sign(std::shared_ptr<const registry::SigningKey> key, jose::Algorithm algorithm) {
    const JwtSigner signer([key](jose::Algorithm, TimePoint) { return key; }, workers_);
    return testing::result_of(signer.sign(algorithm, "at+jwt", R"({"iss":"a"})", kNow));
  }

  BlockingWorkers workers_{1, 8};
};

// RSA, which is slow, on a thread of its own: to the reader it is all the same.
TEST_F(Signing, MakesJwtsOfEachAlgorithm) {
  const std::vector<std::pair<jose::Algorithm, jose::PrivateKey>> keys{
      {jose::Algorithm::es256, testing::ec_key()},
      {jose::Algorithm::eddsa, testing::ed25519_key()},
      {jose::Algorithm::rs256, testing::rsa_key()},
      {jose::Algorithm::ps256, testing::other_rsa_key()}};
  for (const auto& [algorithm, key] : keys) {
    const std::string token = sign(signing_key(algorithm, key), algorithm);
    const std::size_t dot = token.rfind('.');
    EXPECT_TRUE(key.public_key().verify(algorithm, token.substr(0, dot),
                                        *base64url_decode(token.substr(dot + 1))));
    const auto header = parse_strict_json(*base64url_decode(token.substr(0, token.find('.'))));
    EXPECT_EQ(*header,
              (json::object{{"typ", "at+jwt"}, {"alg", name(algorithm)}, {"kid", "key-1"}}));
  }
}

TEST_F(Signing, IsUnavailableWithoutAKey) {
  EXPECT_THROW(sign(nullptr, jose::Algorithm::es256), Unavailable);
}

} // namespace
} // namespace assay::oauth
