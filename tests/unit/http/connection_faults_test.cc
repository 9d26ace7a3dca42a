// What a connection answers by itself, and when it gives up.
#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "unit/http/loopback.h"

namespace assay::http {
namespace {

using namespace std::chrono_literals;

// The answer to a request that is refused, after which the connection must end in order.
Answer only_answer(const LoopbackService& service, const std::string& request) {
  LoopbackClient client(service.port());
  client.send(request);
  Answer answer = client.read_answer();
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
  return answer;
}

TEST(ConnectionFaults, AreAnswered400IfTheRequestIsMalformed) {
  LoopbackService service;
  service.start();
  for (const std::string request :
       {"nonsense\r\n\r\n", "GET /echo HTTP/1.1\r\n\r\n", "GET /echo HTTP/1.1\nHost: a\n\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"})
    EXPECT_EQ(only_answer(service, request).status, 400U) << request;
}

TEST(ConnectionFaults, LetNoSecondRequestBeSmuggledInABody) {
  LoopbackService service;
  service.start();
  for (const std::string framing :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n", "Transfer-Encoding:\r\n chunked\r\n"}) {
    const std::string request = "POST /echo HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n";
    EXPECT_EQ(only_answer(service, request + "0\r\n\r\n" + get("/echo")).status, 400U) << framing;
  }
}

TEST(ConnectionFaults, AreAnswered431IfTheHeaderIsTooLarge) {
  LoopbackService service;
  service.limits().header_bytes = 300;
  service.start();
  const std::string request = "GET /echo HTTP/1.1\r\nHost: a\r\nLong: ";
  EXPECT_EQ(only_answer(service, request + std::string(8000, 'x')).status, 431U);
}

TEST(ConnectionFaults, AreAnswered413IfTheBodyIsTooLarge) {
  LoopbackService service;
  service.limits().body_bytes = 10;
  service.start();
  EXPECT_EQ(only_answer(service, post("/echo", "eleven char")).status, 413U);
  EXPECT_EQ(only_answer(service, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                 "chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n")
                .status,
            413U);
}

// Closed without reading them, the rest of the bytes would reset the connection, and the client
// might never see why.
TEST(ConnectionFaults, AreAnsweredAlsoToAClientThatSendsAllItsBodyFirst) {
  LoopbackService service;
  service.start();
  EXPECT_EQ(only_answer(service, post("/echo", std::string(3 * 1024 * 1024, 'x'))).status, 413U);
}

TEST(ConnectionFaults, AreAnswered503IfSomethingIsUnavailable) {
  LoopbackService service;
  service.router().add("/now", {"GET"}, ImmediateHandler([](const Request&) -> Response {
                         throw Unavailable("the store is away");
                       }));
  service.router().add("/later", {"GET"}, WaitingHandler([](const Request&) -> Task<Response> {
                         throw Unavailable("the store is away");
                         co_return Response();
                       }));
  service.start();
  LoopbackClient client(service.port());
  for (const std::string_view path : {"/now", "/later"}) {
    client.send(get(path));
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, 503U);
    EXPECT_EQ(answer.body, R"({"error":"unavailable"})");
    ASSERT_FALSE(service.reports().empty());
    EXPECT_EQ(service.reports().back().first, answer.field("X-Correlation-ID"));
    EXPECT_EQ(service.reports().back().second, "the store is away");
  }
  EXPECT_EQ(service.reports().size(), 2U);
}

TEST(ConnectionFaults, AreAnswered500IfAnythingElseIsThrownOrCannotBeSent) {
  LoopbackService service;
  service.router().add("/throws", {"GET"}, ImmediateHandler([](const Request&) -> Response {
                         throw std::runtime_error("a secret detail");
                       }));
  service.router().add("/splits", {"GET"}, ImmediateHandler([](const Request&) {
                         return Response().with("Location", "/\r\nSet-Cookie: a=b");
                       }));
  service.start();
  LoopbackClient client(service.port());
  for (const std::string_view path : {"/throws", "/splits"}) {
    client.send(get(path));
    const Answer answer = client.read_answer();
    EXPECT_EQ(answer.status, 500U);
    EXPECT_EQ(answer.body, R"({"error":"broken"})");
    EXPECT_FALSE(answer.field("Set-Cookie"));
    EXPECT_EQ(service.reports().back().first, answer.field("X-Correlation-ID"));
  }
  EXPECT_EQ(service.reports().size(), 2U);
  client.send(get("/echo"));
  EXPECT_EQ(client.read_answer().status, 200U);
}

TEST(ConnectionTimes, EndAnIdleConnection) {
  LoopbackService service;
  service.limits().idle_wait = 50ms;
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/echo"));
  EXPECT_EQ(client.read_answer().status, 200U);
  EXPECT_TRUE(client.is_closed_by_server());
}

// Bytes that trickle in do not prolong the wait.
TEST(ConnectionTimes, EndARequestThatDoesNotEnd) {
  LoopbackService service;
  service.limits().request_wait = 200ms;
  service.start();
  LoopbackClient client(service.port());
  const auto begin = std::chrono::steady_clock::now();
  const auto trickle = [&client] {
    for (int count = 0; count < 1000; ++count) {
      client.send("x");
      std::this_thread::sleep_for(5ms);
    }
  };
  EXPECT_THROW(trickle(), std::system_error);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST(ConnectionTimes, EndAnAnswerThatTheClientDoesNotRead) {
  LoopbackService service;
  service.limits().request_wait = 100ms;
  const std::string body(32 * 1024 * 1024, 'x');
  service.router().add("/large", {"GET"},
                       ImmediateHandler([&](const Request&) { return json_response(200, body); }));
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/large"));
  const auto begin = std::chrono::steady_clock::now();
  do
    std::this_thread::sleep_for(5ms);
  while (service.listener().open_connections() > 0 &&
         std::chrono::steady_clock::now() - begin < 5s);
  EXPECT_EQ(service.listener().open_connections(), 0U);
}

TEST(ConnectionTimes, AreTheEndpointsOwnWhileItWorks) {
  LoopbackService service;
  service.limits().request_wait = 20ms;
  service.limits().idle_wait = 20ms;
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/waiting"));
  std::this_thread::sleep_for(100ms);
  service.release();
  EXPECT_EQ(client.read_answer().status, 200U);
}

} // namespace
} // namespace assay::http
