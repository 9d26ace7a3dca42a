#include "http/listener.h"

#include <chrono>
#include <string>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

#include "unit/http/loopback.h"

namespace assay::http {
namespace {

using namespace std::chrono_literals;

template <class Condition> bool soon(Condition condition) {
  for (int count = 0; count < 2000 && !condition(); ++count)
    std::this_thread::sleep_for(2ms);
  return condition();
}

TEST(Listener, TakesAFreePort) {
  LoopbackService one;
  LoopbackService two;
  one.start();
  two.start();
  EXPECT_NE(one.port(), 0);
  EXPECT_NE(one.port(), two.port());
}

TEST(Listener, RefusesAPortThatIsTakenAlready) {
  LoopbackService service;
  service.start();
  boost::asio::io_context context;
  const ServiceParts parts{{}, {}, [](const auto&, const auto&) {}};
  EXPECT_THROW(Listener({&context}, "127.0.0.1", service.port(), parts), std::system_error);
}

TEST(Listener, RefusesWhatIsNoAddressOfThisMachine) {
  boost::asio::io_context context;
  const ServiceParts parts{{}, {}, [](const auto&, const auto&) {}};
  EXPECT_THROW(Listener({&context}, "localhost", 0, parts), std::system_error);
  EXPECT_THROW(Listener({&context}, "192.0.2.1", 0, parts), std::system_error);
}

TEST(Listener, CountsItsConnections) {
  LoopbackService service;
  service.start();
  EXPECT_EQ(service.listener().open_connections(), 0U);
  {
    const LoopbackClient one(service.port());
    const LoopbackClient two(service.port());
    EXPECT_TRUE(soon([&] { return service.listener().open_connections() == 2; }));
  }
  EXPECT_TRUE(soon([&] { return service.listener().open_connections() == 0; }));
}

TEST(Listener, ClosesConnectionsBeyondItsLimit) {
  LoopbackService service;
  service.limits().connections = 1;
  service.start();
  LoopbackClient one(service.port());
  one.send(get("/echo"));
  EXPECT_EQ(one.read_answer().status, 200U);
  LoopbackClient two(service.port());
  EXPECT_TRUE(two.is_closed_by_server());
  one.send(get("/echo"));
  EXPECT_EQ(one.read_answer().status, 200U);
}

std::shared_ptr<Router> router_saying(const std::string& body) {
  auto router = std::make_shared<Router>();
  router->add("/new", {"GET"},
              ImmediateHandler([body](const Request&) { return json_response(200, body); }));
  return router;
}

TEST(ListenerReplaceRouter, ServesTheNextRequestOfAnOpenConnectionByIt) {
  LoopbackService service;
  service.start();
  LoopbackClient client(service.port());
  client.send(get("/new"));
  EXPECT_EQ(client.read_answer().status, 404U);

  service.listener().replace_router(router_saying("1"));
  EXPECT_TRUE(soon([&] {
    client.send(get("/new"));
    return client.read_answer().status == 200U;
  }));
}

TEST(ListenerReplaceRouter, LetsARequestUnderWayEndByTheOneBefore) {
  LoopbackService service;
  service.start();
  LoopbackClient waiting(service.port());
  waiting.send(get("/waiting"));
  ASSERT_TRUE(soon([&] { return service.waiting() == 1; }));

  service.listener().replace_router(router_saying("1"));
  LoopbackClient other(service.port());
  ASSERT_TRUE(soon([&] {
    other.send(get("/new"));
    return other.read_answer().status == 200U;
  }));
  service.release();
  EXPECT_EQ(waiting.read_answer().status, 200U);
}

TEST(ListenerDrain, ClosesIdleConnectionsNow) {
  LoopbackService service;
  service.start();
  LoopbackClient used(service.port());
  used.send(get("/echo"));
  EXPECT_EQ(used.read_answer().status, 200U);
  LoopbackClient fresh(service.port());
  EXPECT_TRUE(soon([&] { return service.listener().open_connections() == 2; }));

  service.listener().drain();
  EXPECT_TRUE(used.is_closed_by_server());
  EXPECT_TRUE(fresh.is_closed_by_server());
  EXPECT_TRUE(soon([&] { return service.listener().open_connections() == 0; }));
}

TEST(ListenerDrain, LetsARequestInFlightHaveItsAnswer) {
  LoopbackService service;
  service.start();
  LoopbackClient answering(service.port());
  answering.send(get("/waiting"));
  LoopbackClient receiving(service.port());
  receiving.send("GET /echo HTTP/1.1\r\n");
  ASSERT_TRUE(soon([&] { return service.waiting() == 1; }));
  ASSERT_TRUE(soon([&] { return service.listener().open_connections() == 2; }));
  std::this_thread::sleep_for(20ms);

  service.listener().drain();
  std::this_thread::sleep_for(20ms);
  service.release();
  receiving.send("Host: a\r\n\r\n");
  for (LoopbackClient* const client : {&answering, &receiving}) {
    const Answer answer = client->read_answer();
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.field("Connection"), "close");
    EXPECT_TRUE(client->is_closed_by_server());
  }
}

TEST(ListenerDrain, AcceptsNoMore) {
  LoopbackService service;
  service.start();
  service.listener().drain();
  EXPECT_TRUE(soon([&] {
    try {
      return !LoopbackClient(service.port()).is_closed_by_server();
    } catch (const std::system_error& error) {
      return error.code() == std::errc::connection_refused;
    }
  }));
}

TEST(ListenerDrain, LeavesItsContextsNothingToDo) {
  boost::asio::io_context context;
  const ServiceParts parts{{}, {}, [](const auto&, const auto&) {}};
  Listener listener({&context}, "127.0.0.1", 0, parts);
  listener.start(std::make_shared<const Router>());
  listener.drain();
  context.run_for(5s);
  EXPECT_TRUE(context.stopped());
}

} // namespace
} // namespace assay::http
