// The examples of the RFCs, which tests/vectors/SOURCES.md lists.
#include <gtest/gtest.h>

#include "jose/claims.h"
#include "jose/client_certificate.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "jose/pem.h"
#include "support/certificates.h"
#include "support/vectors.h"
#include "unit/jose/jwks.h"

namespace assay::jose {
namespace {

using testing::vector_text;

CompactJws jws_of(const std::string& file) { return parse_compact_jws(vector_text(file)).value(); }

PrivateKey private_key_of(const std::string& file) {
  return parse_private_key(vector_text(file)).value();
}

bool verifies(const PublicKey& key, const CompactJws& jws) {
  return key.verify(jws.header.algorithm, jws.signing_input, jws.signature);
}

std::optional<Reason> refused(const std::string& file) {
  const auto jws = parse_compact_jws(vector_text(file));
  return jws ? std::nullopt : std::optional(jws.error().reason);
}

// Each is verified by its own key alone.
TEST(RfcVectors, VerifyTheSignaturesOfRfc7515AndRfc8037) {
  const std::vector<std::string> examples{"rfc7515-a2", "rfc7515-a3", "rfc7515-a4", "rfc8037-a"};
  for (const std::string& signature : examples) {
    for (const std::string& key : examples)
      EXPECT_EQ(verifies(private_key_of(key + ".jwk").public_key(), jws_of(signature + ".jws")),
                key == signature)
          << signature << " by the key of " << key;
  }
}

TEST(RfcVectors, VerifyThePssSignatureOfRfc7520) {
  const PublicKey key = parse_jwk(vector_text("rfc7520-4.2.jwk")).value();
  const CompactJws jws = jws_of("rfc7520-4.2.jws");
  EXPECT_EQ(jws.header.algorithm, Algorithm::ps384);
  EXPECT_EQ(jws.header.key_id, key.key_id());
  EXPECT_TRUE(verifies(key, jws));
}

TEST(RfcVectors, VerifyTheEd448SignatureOfRfc8032) {
  const PrivateKey key = private_key_of("rfc8032-7.4-blank.jwk");
  const auto signature = base64url_decode(vector_text("rfc8032-7.4-blank.signature"));
  EXPECT_TRUE(key.public_key().verify(Algorithm::ed448, "", *signature));
  EXPECT_EQ(key.sign(Algorithm::ed448, ""), signature);
}

// These algorithms sign the same text in the same way each time.
TEST(RfcVectors, SignAsTheRfcsDo) {
  for (const std::string example : {"rfc7515-a2", "rfc8037-a"}) {
    const CompactJws jws = jws_of(example + ".jws");
    EXPECT_EQ(private_key_of(example + ".jwk").sign(jws.header.algorithm, jws.signing_input),
              jws.signature)
        << example;
  }
}

TEST(RfcVectors, ReadTheClaimsOfRfc7515) {
  const auto claims = parse_claims(jws_of("rfc7515-a2.jws").payload);
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->issuer, "joe");
  EXPECT_EQ(unix_seconds(*claims->expires_at), 1300819380);
}

TEST(RfcVectors, RefuseTheSymmetricSignatureOfRfc7515) {
  EXPECT_EQ(refused("rfc7515-a1.jws"), Reason::algorithm_unsupported);
  EXPECT_FALSE(parse_jwk(vector_text("rfc7515-a1.jwk")));
}

TEST(RfcVectors, RefuseTheUnsecuredJwsOfRfc7515) {
  EXPECT_EQ(refused("rfc7515-a5.jws"), Reason::algorithm_unsupported);
}

TEST(RfcVectors, RefuseTheJsonSerialisationsOfRfc7515) {
  EXPECT_EQ(refused("rfc7515-a6.json"), Reason::assertion_malformed);
  EXPECT_EQ(refused("rfc7515-a7.json"), Reason::assertion_malformed);
}

TEST(RfcVectors, MatchTheThumbprints) {
  const PublicKey rsa = parse_jwk(vector_text("rfc7638-3.1.jwk")).value();
  EXPECT_EQ(rsa.thumbprint().base64url(), vector_text("rfc7638-3.1.thumbprint"));
  const PrivateKey ed25519 = private_key_of("rfc8037-a.jwk");
  EXPECT_EQ(ed25519.public_key().thumbprint().base64url(), vector_text("rfc8037-a.thumbprint"));
}

TEST(RfcVectors, ReadTheClientCertificateOfRfc8705) {
  const auto certificate = parse_client_certificate(testing::der_of(vector_text("rfc8705-a.pem")));
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->thumbprint.base64url(), vector_text("rfc8705-a.thumbprint"));
  EXPECT_EQ(certificate->key_thumbprint,
            parse_jwk(vector_text("rfc8705-a.jwk")).value().thumbprint());
  EXPECT_EQ(certificate->subject, "CN=mtls");
}

TEST(RfcVectors, FindTheKeyOfTheCertificateOfRfc8705InItsJwk) {
  const PublicKey key = parse_jwk(vector_text("rfc8705-a.jwk")).value();
  EXPECT_EQ(parse_pem(vector_text("rfc8705-a.pem")).value().thumbprint(), key.thumbprint());
}

} // namespace
} // namespace assay::jose
