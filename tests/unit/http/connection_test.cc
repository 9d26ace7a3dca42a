#include "http/connection.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "unit/http/loopback.h"

namespace assay::http {
namespace {

TEST(Connection, AnswersRequestAfterRequestUntilItIsToldToClose) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send(post("/echo?a", "one"));
  EXPECT_EQ(client.read_answer().body, "POST /echo?a one");
  client.send(get("/echo"));
  EXPECT_EQ(client.read_answer().body, "GET /echo? ");

  client.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const Answer last = client.read_answer();
  EXPECT_EQ(last.status, 200U);
  EXPECT_EQ(last.field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Connection, AnswersPipelinedRequestsInTheirOrder) {
  LoopbackService service;
  service.release();
  service.start();
  LoopbackClient client(service.port());
  client.send(post("/echo", "one") + get("/waiting") + post("/echo", "three"));
  EXPECT_EQ(client.read_answer().body, "POST /echo? one");
  EXPECT_EQ(client.read_answer().body, "GET /waiting? ");
  EXPECT_EQ(client.read_answer().body, "POST /echo? three");
}

TEST(Connection, TakesARequestByteByByte) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  for (const char byte : post("/echo", "body"))
    client.send({&byte, 1});
  EXPECT_EQ(client.read_answer().body, "POST /echo? body");
}

TEST(Connection, TakesABodyInChunks) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n");
  client.send("2\r\ndy\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "POST /echo? body");
}

TEST(Connection, TakesABodyOfTheLimitAndAnswersOneThatIsLarge) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  const std::string body(service.limits().body_bytes, 'x');
  client.send(post("/echo", body));
  EXPECT_EQ(client.read_answer().body, "POST /echo? " + body);
}

// More than the kernel takes at once: the rest waits for the client.
TEST(Connection, SendsAnAnswerThatIsLargerThanTheSocketsBuffer) {
  LoopbackService service;
  const std::string body(16 * 1024 * 1024, 'x');
  service.router().add("/large", {"GET"},
                       ImmediateHandler([&](const Request&) { return json_response(200, body); }));
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/large") + get("/echo"));
  EXPECT_EQ(client.read_answer().body, body);
  EXPECT_EQ(client.read_answer().body, "GET /echo? ");
}

TEST(Connection, KeepsAnHttp10ConnectionOnlyIfAskedTo) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read_answer().field("Connection"), "keep-alive");
  client.send("GET /echo HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_answer().field("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Connection, LeavesTheBodyOutOfTheAnswerToHead) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n" + get("/echo"));
  EXPECT_EQ(client.read_answer(false).field("Content-Length"), "12");
  EXPECT_EQ(client.read_answer().body, "GET /echo? ");
}

TEST(Connection, InvitesTheBodyOfAClientThatAwaitsContinue) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 100U);
  client.send("bo");
  client.send("dy");
  EXPECT_EQ(client.read_answer().body, "POST /echo? body");
}

TEST(Connection, InvitesNoBodyThatIsTooLarge) {
  LoopbackService service;
  service.limits().body_bytes = 3;
  service.start();
  LoopbackClient client(service.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 413U);
}

TEST(Connection, TellsTheEndpointWhereTheClientIs) {
  LoopbackService service;
  service.router().add("/peer", {"GET"}, ImmediateHandler([](const Request& request) {
                         return json_response(200, request.peer_address);
                       }));
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/peer") + get("/peer"));
  EXPECT_EQ(client.read_answer().body, "127.0.0.1");
  EXPECT_EQ(client.read_answer().body, "127.0.0.1");
}

TEST(Connection, GivesEachAnswerAnIdOfItsOwnAndTheDate) {
  LoopbackService service;
  service.start();
  std::set<std::string> ids;
  for (const std::string_view target : {"/echo", "/none", "/echo", "no path"}) {
    LoopbackClient client(service.port());
    client.send(get(target));
    const Answer answer = client.read_answer();
    const std::string id = answer.field("X-Correlation-ID").value_or("");
    EXPECT_EQ(id.size(), 32U);
    EXPECT_EQ(answer.field("X-CorrelationID"), id);
    EXPECT_EQ(answer.field("Date").value_or("").size(), 29U);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 4U);
}

TEST(Connection, TakesNoIdFromTheClient) {
  LoopbackService service;
  service.router().add("/id", {"GET"}, ImmediateHandler([](const Request& request) {
                         return json_response(200, request.id);
                       }));
  service.start();
  LoopbackClient client(service.port());
  const std::string chosen(32, 'a');
  client.send("GET /id HTTP/1.1\r\nHost: a\r\nX-Correlation-ID: " + chosen + "\r\n\r\n");
  const Answer answer = client.read_answer();
  EXPECT_NE(answer.body, chosen);
  EXPECT_EQ(answer.field("X-Correlation-ID"), answer.body);
}

TEST(Connection, EndsWhenTheClientDoes) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send("POST /echo HTTP/1.1\r\nHost");
  client.end_sending();
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Connection, AnswersAClientThatHasEndedItsSide) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/echo"));
  client.end_sending();
  EXPECT_EQ(client.read_answer().status, 200U);
  EXPECT_TRUE(client.is_closed_by_server());
}

} // namespace
} // namespace assay::http
