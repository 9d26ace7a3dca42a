#include "fetch/http_client.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/http/loopback.h"

namespace assay::fetch {
namespace {

std::string url(const http::LoopbackService& service, const std::string& path) {
  return "http://127.0.0.1:" + std::to_string(service.port()) + path;
}

TEST(Fetch, GivesStatusFieldsAndBody) {
  http::LoopbackService service;
  service.start();
  const auto answer = fetch({.url = url(service, "/echo?a=b")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "GET /echo?a=b ");
  const std::pair<std::string, std::string> type("content-type", "text/plain");
  EXPECT_NE(std::ranges::find(answer->fields, type), answer->fields.end());
}

TEST(Fetch, SendsTheBody) {
  http::LoopbackService service;
  service.start();
  const auto answer = fetch({.url = url(service, "/echo"), .method = "POST", .body = "a=b"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "POST /echo? a=b");
}

// A server that answers could otherwise send the request's secrets on to any other.
TEST(Fetch, FollowsNoRedirect) {
  http::LoopbackService service;
  service.router().add("/moved", {"GET"}, http::ImmediateHandler([](const http::Request&) {
                         return http::json_response(302, "{}").with("Location", "/echo");
                       }));
  service.start();
  const auto answer = fetch({.url = url(service, "/moved")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 302);
}

TEST(Fetch, RefusesAnAnswerThatIsTooLong) {
  http::LoopbackService service;
  service.router().add("/long", {"GET"}, http::ImmediateHandler([](const http::Request&) {
                         return http::json_response(200, std::string(1001, '1'));
                       }));
  service.start();
  EXPECT_TRUE(fetch({.url = url(service, "/long")}, {.answer_bytes = 1001}).has_value());
  const auto answer = fetch({.url = url(service, "/long")}, {.answer_bytes = 1000});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().what, "the answer is longer than 1000 bytes");
}

TEST(Fetch, SpeaksHttpAlone) {
  EXPECT_FALSE(fetch({.url = "file:///etc/hostname"}).has_value());
  EXPECT_FALSE(fetch({.url = "no url"}).has_value());
}

TEST(Fetch, SaysWhenNobodyListens) {
  std::uint16_t port = 0;
  {
    http::LoopbackService service;
    service.start();
    port = service.port();
  }
  const auto answer = fetch({.url = "http://127.0.0.1:" + std::to_string(port)});
  ASSERT_FALSE(answer.has_value());
  EXPECT_FALSE(answer.error().what.empty());
}

} // namespace
} // namespace assay::fetch
