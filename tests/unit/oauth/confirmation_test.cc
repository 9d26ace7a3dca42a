#include "oauth/confirmation.h"

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "jose/client_certificate.h"
#include "jose/jwk.h"
#include "support/certificates.h"
#include "support/vectors.h"

namespace assay::oauth {
namespace {

// RFC 9449 section 6.1, RFC 8705 section 3.1.
TEST(Confirmation, NamesWhatTheTokenIsBoundTo) {
  const auto key = crypto::sha256("key");
  const auto certificate = crypto::sha256("certificate");
  EXPECT_EQ(to_members({key, {}}), (json::object{{"jkt", key.base64url()}}));
  EXPECT_EQ(to_members({{}, certificate}), (json::object{{"x5t#S256", certificate.base64url()}}));
  EXPECT_EQ(to_members({key, certificate}).size(), 2U);
}

json::object printed(std::string_view claims) {
  return parse_strict_json(claims)->as_object().at("cnf").as_object();
}

// RFC 9449 sections 6.1 and 6.2: the key is that of the proofs which section 4.2 prints.
TEST(Confirmation, IsWrittenAsTheStandardsPrintIt) {
  const auto key = jose::parse_jwk(testing::vector_text("rfc9449-4.2.jwk"))->thumbprint();
  const json::object by_key = to_members({key, {}});
  EXPECT_EQ(printed(testing::vector_text("rfc9449-6.1.json")), by_key);
  EXPECT_EQ(printed(testing::vector_text("rfc9449-6.2.json")), by_key);

  const std::string token = testing::vector_text("rfc9449-6.1.jwt");
  const std::size_t payload = token.find('.') + 1;
  EXPECT_EQ(printed(*base64url_decode(token.substr(payload, token.rfind('.') - payload))), by_key);
}

// RFC 8705 section 3.1. The certificate behind its digest is not printed: the one of appendix A is.
TEST(Confirmation, NamesACertificateAsTheStandardDoes) {
  const std::string der = testing::der_of(testing::vector_text("rfc8705-a.pem"));
  const json::object ours = to_members({{}, jose::parse_client_certificate(der)->thumbprint});
  const json::object theirs = printed(testing::vector_text("rfc8705-3.1.json"));
  ASSERT_EQ(theirs.size(), ours.size());
  EXPECT_EQ(theirs.begin()->key(), ours.begin()->key());
  EXPECT_EQ(theirs.begin()->value().as_string().size(), ours.begin()->value().as_string().size());
  EXPECT_EQ(ours.begin()->value().as_string(), testing::vector_text("rfc8705-a.thumbprint"));
}

TEST(Confirmation, HasANameThatSaysHowTheTokenIsUsed) {
  const auto digest = crypto::sha256("key");
  EXPECT_EQ(name(Confirmation{}), "");
  EXPECT_EQ(name(Confirmation{digest, {}}), "dpop");
  EXPECT_EQ(name(Confirmation{{}, digest}), "tls");
  EXPECT_EQ(name(Confirmation{digest, digest}), "dpop tls");
}

TEST(Confirmation, IsReadAsItWasWritten) {
  const auto digest = crypto::sha256("key");
  for (const Confirmation& each :
       {Confirmation{}, Confirmation{digest, {}}, Confirmation{{}, digest},
        Confirmation{digest, crypto::sha256("certificate")}})
    EXPECT_EQ(read_confirmation(to_members(each)), each);
}

TEST(Confirmation, IsNotReadFromWhatIsNoDigest) {
  EXPECT_FALSE(read_confirmation({{"jkt", "short"}}));
  EXPECT_FALSE(read_confirmation({{"jkt", 7}}));
  EXPECT_FALSE(read_confirmation({{"x5t#S256", std::string(43, '!')}}));
}

TEST(Confirmation, IsEmptyOnlyWithoutBoth) {
  EXPECT_TRUE(Confirmation{}.empty());
  EXPECT_FALSE((Confirmation{crypto::sha256("key"), {}}.empty()));
  EXPECT_FALSE((Confirmation{{}, crypto::sha256("certificate")}.empty()));
}

} // namespace
} // namespace assay::oauth
