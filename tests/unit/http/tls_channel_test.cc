#include "http/tls_channel.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "support/keys.h"
#include "support/tls_peer.h"
#include "unit/http/loopback.h"

namespace assay::http {
namespace {

using namespace std::chrono_literals;
using testing::certificate_for;

std::string pem_of(const jose::PrivateKey& key) { return std::string(key.to_pem().reveal()); }

std::shared_ptr<const crypto::TlsContext> context_of(const jose::PrivateKey& key,
                                                     bool ask_client_certificate = false) {
  return std::make_shared<const crypto::TlsContext>(
      crypto::TlsContext::of({.certificate_pem = certificate_for(key),
                              .key_pem = pem_of(key),
                              .ask_client_certificate = ask_client_certificate})
          .value());
}

// A client of a port with TLS.
class TlsClient {
public:
  explicit TlsClient(std::uint16_t port, const testing::TlsPeerTraits& traits = {})
      : wire_(port), peer_(traits) {
    while (!peer_.shake_hands()) {
      wire_.send(peer_.outgoing());
      take();
    }
    wire_.send(peer_.outgoing());
  }

  void send(std::string_view text) {
    peer_.write(text);
    wire_.send(peer_.outgoing());
  }

  // What the answer is when it is as long as that; less at the end.
  std::string read(std::string_view until) {
    std::string text = peer_.read();
    while (!text.contains(until) && take())
      text += peer_.read();
    return text;
  }

  // True if the server says goodbye, and then closes, without another word.
  bool is_left_in_good_order() {
    std::string rest = peer_.read();
    while (take())
      rest += peer_.read();
    return rest.empty() && peer_.was_told_of_the_end();
  }

  testing::TlsPeer& peer() { return peer_; }

private:
  bool take() {
    const std::string bytes = wire_.read_some();
    peer_.take(bytes);
    return !bytes.empty();
  }

  LoopbackClient wire_;
  testing::TlsPeer peer_;
};

TEST(TlsChannel, ServesRequestAfterRequest) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send(post("/echo", "one"));
  EXPECT_TRUE(client.read("POST /echo? one").contains("HTTP/1.1 200 OK"));
  client.send(post("/echo", "two"));
  EXPECT_TRUE(client.read("POST /echo? two").contains("HTTP/1.1 200 OK"));
}

TEST(TlsChannel, ServesRequestsThatCameTogether) {
  LoopbackService service;
  service.release();
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send(post("/echo", "one") + get("/waiting") + post("/echo", "three"));
  const std::string answers = client.read("three");
  EXPECT_TRUE(answers.contains("one") && answers.contains("GET /waiting?"));
}

// Longer than a record of TLS, and than the kernel takes at once from a client that does not read.
TEST(TlsChannel, CarriesLongTextsBothWays) {
  LoopbackService service;
  service.limits().body_bytes = 8U << 20;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  const std::string body(6U << 20, 'b');
  client.send(post("/echo", body + "END"));
  EXPECT_TRUE(client.read("END").contains(body));
}

TEST(TlsChannel, SaysThatBrowsersShallComeBackBySuchAPort) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send(get("/echo"));
  EXPECT_TRUE(
      client.read("/echo?").contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
}

TEST(TlsChannel, TellsWhoSpeaksInTheClear) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  LoopbackClient client(service.port());
  client.send(get("/echo"));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400U);
  EXPECT_EQ(answer.body, "This port is for https://.\n");
  EXPECT_FALSE(client.has_more());
}

TEST(TlsChannel, LeavesInGoodOrderAfterTheLastAnswer) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  client.read("/echo?");
  EXPECT_TRUE(client.is_left_in_good_order());
}

TEST(TlsChannel, LeavesAnIdleClientInGoodOrder) {
  LoopbackService service;
  service.limits().idle_wait = 50ms;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send(get("/echo"));
  client.read("/echo?");
  EXPECT_TRUE(client.is_left_in_good_order());
}

TEST(TlsChannel, LeavesInGoodOrderWhenTheServerDrains) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  TlsClient client(service.port());
  client.send(get("/echo"));
  client.read("/echo?");
  service.listener().drain();
  EXPECT_TRUE(client.is_left_in_good_order());
}

TEST(TlsChannel, CutsOffAHandshakeThatTakesTooLong) {
  LoopbackService service;
  service.limits().request_wait = 50ms;
  service.limits().idle_wait = 10min;
  service.start(context_of(testing::ec_key()));
  LoopbackClient client(service.port());
  client.send("\x16\x03\x01");
  EXPECT_FALSE(client.has_more());
}

TEST(TlsChannel, GivesTheRequestsTheClientsCertificate) {
  LoopbackService service;
  service.router().add("/who", {"GET"}, ImmediateHandler([](const Request& request) {
                         const auto& certificate = request.client_certificate;
                         return json_response(200, certificate ? certificate->der : "nobody");
                       }));
  service.start(context_of(testing::ec_key(), true));
  const std::string certificate = certificate_for(testing::rsa_key());
  TlsClient known(service.port(),
                  {.certificate_pem = certificate, .key_pem = pem_of(testing::rsa_key())});
  const std::string der = testing::der_of(certificate);
  for (int request = 0; request < 2; ++request) {
    known.send(get("/who"));
    EXPECT_TRUE(known.read(der).contains(der));
  }
  TlsClient unknown(service.port());
  unknown.send(get("/who"));
  EXPECT_TRUE(unknown.read("nobody").contains("nobody"));
}

TEST(TlsChannel, NewConnectionsHaveTheNewCertificateAndOldOnesGoOn) {
  LoopbackService service;
  service.start(context_of(testing::ec_key()));
  TlsClient before(service.port());
  service.listener().replace_tls(context_of(testing::rsa_key()));
  const auto certificate = testing::der_of(certificate_for(testing::rsa_key()));
  std::optional<TlsClient> after;
  do
    after.emplace(service.port());
  while (after->peer().server_certificate() != certificate);
  before.send(get("/echo"));
  EXPECT_TRUE(before.read("/echo?").contains("200 OK"));
}

} // namespace
} // namespace assay::http
