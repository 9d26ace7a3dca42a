#include "crypto/tls_session.h"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>
#include <openssl/tls1.h>

#include "support/certificates.h"
#include "support/keys.h"
#include "support/tls_peer.h"

namespace assay::crypto {
namespace {

using testing::certificate_for;
using testing::CertificateTraits;
using testing::TlsPeer;
using Handshake = TlsSession::Handshake;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

std::string pem_of(const jose::PrivateKey& key) { return std::string(key.to_pem().reveal()); }

// Made once: each signature of ECDSA is another one.
const std::string& server_certificate() {
  static const std::string pem = certificate_for(testing::ec_key());
  return pem;
}

std::shared_ptr<const TlsContext> context_with(TlsContext::Parts parts) {
  const std::string key = pem_of(testing::ec_key());
  parts.certificate_pem = server_certificate();
  parts.key_pem = key;
  return std::make_shared<const TlsContext>(TlsContext::of(std::move(parts)).value());
}

std::shared_ptr<const TlsContext> plain_context() {
  static const auto context = context_with({});
  return context;
}

std::shared_ptr<const TlsContext> asking_context(std::optional<CertificateTrust> trust = {}) {
  return context_with({.certificate_pem = {},
                       .key_pem = {},
                       .ask_client_certificate = true,
                       .client_trust = std::move(trust)});
}

// Both ends, and the wire between them.
class Ends {
public:
  explicit Ends(std::shared_ptr<const TlsContext> context,
                const testing::TlsPeerTraits& client = {})
      : server(std::move(context)), client(client) {}

  // As far as it goes.
  Handshake shake_hands() {
    Handshake state = Handshake::waiting;
    for (int turns = 0; turns < 8; ++turns) {
      const bool done = client.shake_hands();
      carry();
      state = server.shake_hands();
      client.take(server.outgoing());
      server.sent();
      if (done && state == Handshake::done) client.read(); // the tickets
      if (state != Handshake::waiting && state != Handshake::done) break;
    }
    return state;
  }

  void carry() { server.take(client.outgoing()); }

  std::optional<std::string> hear(std::size_t room = 4096) {
    std::string text(room, '\0');
    const auto count = server.read(text);
    client.take(server.outgoing());
    server.sent();
    if (!count) return std::nullopt;
    text.resize(*count);
    return text;
  }

  void say(std::string_view text) {
    server.write(text);
    client.take(server.outgoing());
    server.sent();
  }

  TlsSession server;
  TlsPeer client;
};

TEST(TlsSession, CarriesTextBothWays) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  EXPECT_EQ(ends.client.version(), "TLSv1.3");
  EXPECT_EQ(ends.client.server_certificate(), testing::der_of(server_certificate()));
  ends.client.write("question");
  ends.carry();
  EXPECT_EQ(ends.hear(), "question");
  ends.say("answer");
  EXPECT_EQ(ends.client.read(), "answer");
}

TEST(TlsSession, GoesOnWhenTheBytesComeOneByOne) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.client.write("question");
  const std::string bytes = ends.client.outgoing();
  for (const char byte : bytes.substr(0, bytes.size() - 1)) {
    ends.server.take({&byte, 1});
    EXPECT_EQ(ends.hear(), "");
  }
  ends.server.take(bytes.substr(bytes.size() - 1));
  EXPECT_EQ(ends.hear(), "question");
}

TEST(TlsSession, GivesALongTextInPiecesThatFit) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.client.write(std::string(40'000, 'a'));
  ends.carry();
  std::size_t heard = 0;
  while (heard < 40'000) {
    const auto piece = ends.hear(1000);
    ASSERT_TRUE(piece && !piece->empty() && piece->size() <= 1000);
    heard += piece->size();
  }
  EXPECT_EQ(ends.hear(), "");
}

TEST(TlsSession, SpeaksTls12WithForwardSecrecy) {
  Ends ends(plain_context(), {.version_max = TLS1_2_VERSION});
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  EXPECT_EQ(ends.client.version(), "TLSv1.2");
  EXPECT_TRUE(ends.client.cipher_suite().starts_with("ECDHE-")) << ends.client.cipher_suite();
}

TEST(TlsSession, SpeaksNoOlderVersion) {
  for (const int version : {TLS1_1_VERSION, TLS1_VERSION}) {
    Ends ends(plain_context(), {.version_max = version});
    EXPECT_EQ(ends.shake_hands(), Handshake::failed);
  }
}

TEST(TlsSession, RefusesCipherSuitesThatAreBroken) {
  for (const char* const suites :
       {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-GCM-SHA256",
        "ECDHE-ECDSA-NULL-SHA", "AECDH-AES128-SHA"}) {
    Ends ends(plain_context(), {.version_max = TLS1_2_VERSION, .cipher_suites = suites});
    EXPECT_EQ(ends.shake_hands(), Handshake::failed) << suites;
  }
}

TEST(TlsSession, AgreesOnTheProtocolItServesAndOnNoOther) {
  Ends http(plain_context(), {.protocol = "http/1.1"});
  ASSERT_EQ(http.shake_hands(), Handshake::done);
  EXPECT_EQ(http.client.protocol(), "http/1.1");

  Ends other(plain_context(), {.protocol = "smtp"});
  EXPECT_EQ(other.shake_hands(), Handshake::failed);
  EXPECT_THROW(other.client.shake_hands(), std::runtime_error); // It was told.
}

TEST(TlsSession, ToldApartFromHttpInTheClear) {
  TlsSession server(plain_context());
  server.take("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(server.shake_hands(), Handshake::plain_http);
}

TEST(TlsSession, FailsOnWhatIsNoHandshake) {
  TlsSession server(plain_context());
  server.take(std::string(100, '\x7f'));
  EXPECT_EQ(server.shake_hands(), Handshake::failed);
}

TEST(TlsSession, HasNoCertificateOfAClientThatItDoesNotAsk) {
  Ends ends(plain_context(), {.certificate_pem = certificate_for(testing::rsa_key()),
                              .key_pem = pem_of(testing::rsa_key())});
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  EXPECT_FALSE(ends.client.was_asked_for_a_certificate());
  EXPECT_EQ(ends.server.peer_certificate(kNow), nullptr);
}

TEST(TlsSession, LetsClientsHaveNoCertificate) {
  Ends ends(asking_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  EXPECT_TRUE(ends.client.was_asked_for_a_certificate());
  EXPECT_EQ(ends.server.peer_certificate(kNow), nullptr);
}

TEST(TlsSession, TakesACertificateThatNobodyVouchesForAndSaysSo) {
  const std::string certificate = certificate_for(testing::rsa_key());
  Ends ends(asking_context(),
            {.certificate_pem = certificate, .key_pem = pem_of(testing::rsa_key())});
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  const auto peer = ends.server.peer_certificate(kNow);
  ASSERT_NE(peer, nullptr);
  EXPECT_EQ(peer->der, testing::der_of(certificate));
  EXPECT_FALSE(peer->is_trusted);
}

TEST(TlsSession, TrustsWhatTheClientsCaIssuedOverAnother) {
  const CertificateTraits authority{
      .common_name = "root", .key_usage = "keyCertSign", .basic_constraints = "critical,CA:TRUE"};
  CertificateTraits between = authority;
  between.common_name = "between";
  between.issuer_key = &testing::rsa_key();
  between.issuer_name = "root";
  const std::string root = certificate_for(testing::rsa_key(), authority);
  const std::string own = certificate_for(
      testing::ed25519_key(), {.issuer_key = &testing::other_rsa_key(), .issuer_name = "between"});
  const testing::TlsPeerTraits client{.certificate_pem = own,
                                      .key_pem = pem_of(testing::ed25519_key()),
                                      .chain_pem =
                                          certificate_for(testing::other_rsa_key(), between)};

  Ends ends(asking_context(CertificateTrust::of_pem(root).value()), client);
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  EXPECT_TRUE(ends.server.peer_certificate(kNow)->is_trusted);

  Ends without(asking_context(CertificateTrust::of_pem(root).value()),
               {.certificate_pem = client.certificate_pem, .key_pem = client.key_pem});
  ASSERT_EQ(without.shake_hands(), Handshake::done);
  EXPECT_FALSE(without.server.peer_certificate(kNow)->is_trusted);
}

TEST(TlsSession, IsResumedByTicket) {
  Ends first(plain_context());
  ASSERT_EQ(first.shake_hands(), Handshake::done);
  Ends second(plain_context());
  second.client.resume(first.client.session());
  ASSERT_EQ(second.shake_hands(), Handshake::done);
  EXPECT_TRUE(second.client.is_resumed());
}

// A certificate that has expired since would be shown by the resumed session.
TEST(TlsSession, IsNotResumedWhereCertificatesAreAskedFor) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto context = asking_context();
    Ends first(context, {.version_max = version});
    ASSERT_EQ(first.shake_hands(), Handshake::done);
    Ends second(context, {.version_max = version});
    second.client.resume(first.client.session());
    ASSERT_EQ(second.shake_hands(), Handshake::done);
    EXPECT_FALSE(second.client.is_resumed());
  }
}

TEST(TlsSession, AnswersAClientThatWantsNewKeys) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.client.ask_for_new_keys();
  ends.client.write("after");
  ends.carry();
  EXPECT_EQ(ends.hear(), "after");
  ends.say("answer");
  EXPECT_EQ(ends.client.read(), "answer");
}

// It costs the server more than the client: the attack of CVE-2011-1473.
TEST(TlsSession, DoesNotRenegotiate) {
  Ends ends(plain_context(), {.version_max = TLS1_2_VERSION});
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ASSERT_TRUE(ends.client.renegotiate());
  ends.carry();
  EXPECT_EQ(ends.hear(), "");
  EXPECT_THROW(ends.client.read(), std::runtime_error);
}

TEST(TlsSession, TellsThePeerOfItsEnd) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.server.end();
  ends.client.take(ends.server.outgoing());
  EXPECT_EQ(ends.client.read(), "");
  EXPECT_TRUE(ends.client.was_told_of_the_end());
}

TEST(TlsSession, EndsWhenThePeerEndsIt) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.client.write("last words");
  ends.client.end();
  ends.carry();
  EXPECT_EQ(ends.hear(), "last words");
  EXPECT_EQ(ends.hear(), std::nullopt);
}

TEST(TlsSession, EndsWhenTheWireIsTamperedWith) {
  Ends ends(plain_context());
  ASSERT_EQ(ends.shake_hands(), Handshake::done);
  ends.client.write("question");
  std::string bytes = ends.client.outgoing();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ends.server.take(bytes);
  EXPECT_EQ(ends.hear(), std::nullopt);
  ends.server.write("answer");
  EXPECT_THROW(ends.client.read(), std::runtime_error);
}

} // namespace
} // namespace assay::crypto
