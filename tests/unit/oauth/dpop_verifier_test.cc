#include "oauth/dpop_verifier.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "jose/jwk.h"
#include "support/proofs.h"
#include "support/vectors.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using testing::ProofTraits;
using testing::vector_text;

class DpopProofs : public ::testing::Test {
protected:
  Result<VerifiedProof> verify(std::string_view proof) {
    return DpopVerifier({policy_, nonces_}).verify(proof, target_, now_);
  }
  Result<VerifiedProof> verify(const ProofTraits& traits) {
    return verify(testing::proof_by(key_, kNow, traits));
  }
  Result<VerifiedProof> verify_with_header(const json::object& header) {
    json::object claims{
        {"jti", "1"}, {"htm", "POST"}, {"htu", target_.url}, {"iat", unix_seconds(kNow)}};
    json::object whole{{"typ", "dpop+jwt"}, {"jwk", jwk_of(key_)}};
    for (const auto& [name, value] : header)
      whole[name] = value;
    return verify(testing::signed_jwt(key_, claims, whole));
  }
  static json::value jwk_of(const jose::PrivateKey& key) {
    return *parse_strict_json(key.public_key().to_jwk());
  }

  const jose::PrivateKey& key_ = testing::ec_key();
  DpopNonces nonces_{"secret", 300s};
  DpopPolicy policy_;
  DpopTarget target_{"POST", "http://apiserver/api/oauth/token", {}};
  TimePoint now_ = kNow;
};

TEST_F(DpopProofs, ProveTheirKey) {
  for (const auto type : {jose::KeyType::rsa, jose::KeyType::ec_p256, jose::KeyType::ec_p384,
                          jose::KeyType::ec_p521, jose::KeyType::ed25519, jose::KeyType::ed448}) {
    const jose::PrivateKey& key = testing::key_of(type);
    const auto proof = verify(testing::proof_by(key, kNow));
    ASSERT_TRUE(proof) << name(type);
    EXPECT_EQ(proof->key(), key.public_key().thumbprint());
  }
}

TEST_F(DpopProofs, AreProvenByAKnownKeyAsByANewOne) {
  const DpopVerifier verifier({policy_, nonces_});
  EXPECT_TRUE(verifier.verify(testing::proof_by(key_, kNow), target_, kNow));
  EXPECT_TRUE(verifier.verify(testing::proof_by(key_, kNow, {.id = "2"}), target_, kNow));
  std::string forged = testing::proof_by(key_, kNow, {.id = "3"});
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_EQ(reason_of(verifier.verify(forged, target_, kNow)), Reason::dpop_signature_invalid);
}

TEST_F(DpopProofs, AreOneClaimForOneKeyAndJti) {
  const auto first = verify(ProofTraits{});
  EXPECT_EQ(first->claim(), verify({.url = target_.url + "?again"})->claim());
  EXPECT_NE(first->claim(), verify({.id = "2"})->claim());
  EXPECT_NE(first->claim(), verify(testing::proof_by(testing::ed25519_key(), kNow))->claim());
}

// RFC 8725 section 3.11: an assertion or an access token of the same key is no proof.
TEST_F(DpopProofs, MustSayThatTheyAreOne) {
  EXPECT_TRUE(verify_with_header({{"typ", "DPoP+JWT"}}));
  EXPECT_TRUE(verify_with_header({{"typ", "application/dpop+jwt"}}));
  for (const char* type : {"JWT", "at+jwt", ""})
    EXPECT_EQ(reason_of(verify_with_header({{"typ", type}})), Reason::dpop_malformed) << type;
}

TEST_F(DpopProofs, MustBringAPublicKeyThatFits) {
  EXPECT_EQ(reason_of(verify_with_header({{"jwk", nullptr}})), Reason::dpop_malformed);
  EXPECT_EQ(reason_of(verify_with_header({{"jwk", jwk_of(testing::rsa_key())}})),
            Reason::dpop_key_unsuitable);
  EXPECT_EQ(
      reason_of(verify_with_header({{"jwk", jwk_of(testing::key_of(jose::KeyType::ec_p256))}})),
      Reason::dpop_signature_invalid);
  const auto whole = parse_strict_json(key_.to_jwk().reveal());
  EXPECT_EQ(reason_of(verify_with_header({{"jwk", *whole}})), Reason::dpop_key_unsuitable);
}

// A symmetric key in public is nobody's.
TEST_F(DpopProofs, MustBeSignedByAnAsymmetricAlgorithm) {
  for (const char* algorithm : {"none", "HS256", "es256"}) {
    const json::object header{{"alg", algorithm}, {"typ", "dpop+jwt"}, {"jwk", jwk_of(key_)}};
    const std::string text =
        testing::signed_text(key_, jose::Algorithm::es256, json::serialize(header), "{}");
    EXPECT_EQ(reason_of(verify(text)), Reason::dpop_algorithm_unsupported) << algorithm;
  }
}

TEST_F(DpopProofs, MustBeWellFormed) {
  for (const char* text : {"", ".", "a.b.c", "eyJ9.e30.", "e30.e30.e30="})
    EXPECT_EQ(reason_of(verify(text)), Reason::dpop_malformed) << text;
  EXPECT_EQ(reason_of(verify(std::string(kProofBytesMax + 1, 'a'))), Reason::dpop_malformed);
  const std::vector<std::pair<std::string, json::value>> faults{
      {"jti", 7},     {"jti", ""}, {"htm", 7},   {"htu", json::array()},
      {"iat", "now"}, {"iat", -1}, {"nonce", 7}, {"ath", ""}};
  for (const auto& [name, value] : faults)
    EXPECT_EQ(reason_of(verify({.more = {{name, value}}})), Reason::dpop_malformed) << name;
  EXPECT_EQ(reason_of(verify({.id = std::string(257, 'j')})), Reason::dpop_malformed);
}

TEST_F(DpopProofs, MustHaveTheirClaims) {
  for (const std::string_view missing : {"jti", "htm", "htu", "iat"}) {
    json::object claims{
        {"jti", "1"}, {"htm", "POST"}, {"htu", target_.url}, {"iat", unix_seconds(kNow)}};
    claims.erase(missing);
    const std::string proof =
        testing::signed_jwt(key_, claims, {{"typ", "dpop+jwt"}, {"jwk", jwk_of(key_)}});
    EXPECT_EQ(reason_of(verify(proof)), Reason::dpop_malformed) << missing;
  }
}

TEST_F(DpopProofs, AreForOneMethod) {
  for (const char* method : {"GET", "post", "POST "})
    EXPECT_EQ(reason_of(verify({.method = method})), Reason::dpop_method_mismatch) << method;
}

// RFC 9449 section 4.3: query and fragment do not count, and the rest is normalized.
TEST_F(DpopProofs, AreForOneUrl) {
  for (const char* url :
       {"http://apiserver/api/oauth/token?a=b#c", "HTTP://APISERVER/api/oauth/token",
        "http://apiserver:80/api/./oauth/%74oken"})
    EXPECT_TRUE(verify({.url = url})) << url;
  for (const char* url : {"https://apiserver/api/oauth/token", "http://apiserver/api/oauth/token/",
                          "http://apiserver/api/oauth", "http://other/api/oauth/token",
                          "/api/oauth/token", "http://apiserver@evil/api/oauth/token"})
    EXPECT_EQ(reason_of(verify({.url = url})), Reason::dpop_url_mismatch) << url;
}

TEST_F(DpopProofs, AreGoodForAWhileAroundTheirTime) {
  policy_ = {.proof_life = 60s, .clock_skew = 30s, .require_nonce = false};
  now_ = kNow + 90s - 1us;
  EXPECT_TRUE(verify(ProofTraits{}));
  EXPECT_EQ(verify(ProofTraits{})->acceptable_until(), kNow + 90s);
  now_ = kNow + 90s;
  EXPECT_EQ(reason_of(verify(ProofTraits{})), Reason::dpop_stale);
  now_ = kNow - 30s;
  EXPECT_TRUE(verify(ProofTraits{}));
  now_ = kNow - 30s - 1us;
  EXPECT_EQ(reason_of(verify(ProofTraits{})), Reason::dpop_stale);
}

// RFC 9449 section 8.
TEST_F(DpopProofs, MustHaveANonceOfOursWhereItIsDemanded) {
  policy_.require_nonce = true;
  EXPECT_EQ(reason_of(verify(ProofTraits{})), Reason::dpop_nonce_missing);
  EXPECT_EQ(reason_of(verify({.more = {{"nonce", "made up"}}})), Reason::dpop_nonce_stale);
  EXPECT_EQ(reason_of(verify({.more = {{"nonce", nonces_.at(kNow - 1h)}}})),
            Reason::dpop_nonce_stale);
  EXPECT_TRUE(verify({.more = {{"nonce", nonces_.at(kNow)}}}));
}

TEST_F(DpopProofs, MayHaveANonceThatNobodyAskedFor) {
  EXPECT_TRUE(verify({.more = {{"nonce", "of another server"}}}));
}

// RFC 9449 sections 4.1, 5 and 7.1. All are signed by the key of section 4.2, and section 6.1 has
// its thumbprint.
TEST_F(DpopProofs, AreThoseThatTheStandardPrints) {
  const auto key = jose::parse_jwk(vector_text("rfc9449-4.2.jwk"));
  target_ = {"POST", "https://server.example.com/token", {}};
  for (const auto& [file, made_at] : {std::pair{"rfc9449-4.1.jwt", 1562262616s},
                                      std::pair{"rfc9449-5-refresh.jwt", 1562265296s}}) {
    now_ = TimePoint(made_at);
    const auto proof = verify(vector_text(file));
    ASSERT_TRUE(proof) << file;
    EXPECT_EQ(proof->key(), key->thumbprint());
  }
  now_ = TimePoint(1562262618s);
  target_ = {"GET", "https://resource.example.org/protectedresource",
             crypto::sha256(vector_text("rfc9449-7.1.token"))};
  EXPECT_TRUE(verify(vector_text("rfc9449-7.1.jwt")));
  target_.access_token = crypto::sha256("another token");
  EXPECT_EQ(reason_of(verify(vector_text("rfc9449-7.1.jwt"))), Reason::dpop_token_mismatch);
}

// RFC 9449 section 4.3 step 10.
TEST_F(DpopProofs, AreForOneTokenAtAnApi) {
  target_.access_token = crypto::sha256("token");
  EXPECT_EQ(reason_of(verify(ProofTraits{})), Reason::dpop_token_mismatch);
  EXPECT_EQ(reason_of(verify({.more = {{"ath", crypto::sha256("other").base64url()}}})),
            Reason::dpop_token_mismatch);
  EXPECT_TRUE(verify({.more = {{"ath", crypto::sha256("token").base64url()}}}));
}

} // namespace
} // namespace assay::oauth
