// What fetch() does with a URL that somebody else chose.
#include <cstdlib>

#include <gtest/gtest.h>

#include "fetch/http_client.h"
#include "support/keys.h"
#include "unit/fetch/https_server.h"
#include "unit/http/loopback.h"

namespace assay::fetch {
namespace {

const AddressRule kPublic({});
const AddressRule kLoopback({*AddressRange::parse("127.0.0.0/8")});

std::string fault_of(const FetchResult& result) {
  return result ? "an answer" : result.error().what;
}

class GuardedFetch : public ::testing::Test {
protected:
  FetchRequest request() const {
    return {.url = server_.url(), .ca = server_.ca(), .guard = &kLoopback};
  }

  HttpsServer server_{testing::ec_key(), http_answer("HTTP/1.1 200 OK", "hello")};
};

TEST_F(GuardedFetch, GoesWhereTheRuleAllows) {
  const auto answer = fetch(request());
  ASSERT_TRUE(answer) << fault_of(answer);
  EXPECT_EQ(answer->body, "hello");
}

TEST_F(GuardedFetch, MakesNoConnectionToAnAddressThatIsNotAllowed) {
  FetchRequest refused = request();
  refused.guard = &kPublic;
  EXPECT_EQ(fault_of(fetch(refused)), "an address that is loopback is refused here: 127.0.0.1");
  EXPECT_EQ(server_.connections(), 0);
}

// The name may mean a public address when it is checked and another one when it is used.
TEST_F(GuardedFetch, JudgesTheAddressAndNotTheName) {
  const std::string port = server_.url().substr(server_.url().rfind(':'));
  for (const char* name : {"localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]"}) {
    const auto answer = fetch({.url = std::string("https://") + name + port, .guard = &kPublic});
    ASSERT_FALSE(answer) << name;
    EXPECT_TRUE(answer.error().what.contains("refused here")) << name << answer.error().what;
  }
  EXPECT_EQ(server_.connections(), 0);
}

TEST_F(GuardedFetch, TrustsTheGivenCaAlone) {
  FetchRequest by_another = request();
  by_another.ca = HttpsServer(testing::rsa_key(), "").ca();
  EXPECT_FALSE(fetch(by_another));
  FetchRequest by_the_system = request();
  by_the_system.ca.clear();
  EXPECT_FALSE(fetch(by_the_system));
  FetchRequest by_nobody = request();
  by_nobody.ca = "no certificate";
  EXPECT_FALSE(fetch(by_nobody));
}

TEST_F(GuardedFetch, WantsTheCertificateToBeTheHosts) {
  FetchRequest elsewhere = request();
  elsewhere.url.replace(elsewhere.url.find("127.0.0.1"), 9, "127.0.0.2");
  EXPECT_FALSE(fetch(elsewhere));
}

TEST_F(GuardedFetch, SpeaksHttpsAlone) {
  http::LoopbackService service;
  service.start();
  const std::string url = "http://127.0.0.1:" + std::to_string(service.port()) + "/echo";
  EXPECT_TRUE(fetch({.url = url}));
  EXPECT_FALSE(fetch({.url = url, .guard = &kLoopback}));
}

// A proxy would look the name up by itself, and connect to whatever it means there.
TEST_F(GuardedFetch, UsesNoProxyOfTheEnvironment) {
  for (const char* variable : {"https_proxy", "HTTPS_PROXY", "all_proxy"})
    ::setenv(variable, "http://127.0.0.1:1", 1);
  const bool by_proxy = fetch({.url = server_.url(), .ca = server_.ca()}).has_value();
  const bool guarded = fetch(request()).has_value();
  for (const char* variable : {"https_proxy", "HTTPS_PROXY", "all_proxy"})
    ::unsetenv(variable);
  EXPECT_FALSE(by_proxy);
  EXPECT_TRUE(guarded);
}

TEST_F(GuardedFetch, FollowsNoRedirect) {
  const HttpsServer moved(testing::ec_key(),
                          http_answer("HTTP/1.1 302 Found\r\nLocation: " + server_.url(), ""));
  const auto answer = fetch({.url = moved.url(), .ca = moved.ca(), .guard = &kLoopback});
  ASSERT_TRUE(answer) << fault_of(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(server_.connections(), 0);
}

// Without a Content-Length, the end is where the limit is.
TEST_F(GuardedFetch, EndsAnAnswerThatIsTooLongWhileItComes) {
  const HttpsServer long_one(testing::ec_key(),
                             "HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, '1'));
  const auto answer = fetch({.url = long_one.url(), .ca = long_one.ca(), .guard = &kLoopback},
                            {.answer_bytes = 1000});
  EXPECT_EQ(fault_of(answer), "the answer is longer than 1000 bytes");
}

TEST_F(GuardedFetch, EndsAHeaderThatIsTooLong) {
  std::string head = "HTTP/1.1 200 OK";
  for (int number = 0; number < 1000; ++number)
    head += "\r\nX-Field: " + std::string(100, '1');
  const HttpsServer long_one(testing::ec_key(), http_answer(head, "hello"));
  const auto answer = fetch({.url = long_one.url(), .ca = long_one.ca(), .guard = &kLoopback});
  EXPECT_EQ(fault_of(answer), "the answer's header is longer than 65536 bytes");
}

} // namespace
} // namespace assay::fetch
