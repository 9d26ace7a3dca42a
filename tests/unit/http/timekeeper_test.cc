#include "http/timekeeper.h"

#include <chrono>

#include <boost/asio/buffer.hpp>
#include <gtest/gtest.h>

namespace assay::http {
namespace {

using namespace std::chrono_literals;

// Two connected sockets and a keeper over the first of them.
class TimekeeperTest : public testing::Test {
protected:
  TimekeeperTest() {
    Acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    client.connect(acceptor.local_endpoint());
    acceptor.accept(watched);
  }

  void run_for(std::chrono::milliseconds time) {
    context.restart();
    context.run_for(time);
  }

  asio::io_context context;
  Socket watched{context};
  Socket client{context};
  Timekeeper keeper{context, {.request_wait = 20ms, .idle_wait = 60ms}};
};

TEST_F(TimekeeperTest, ClosesTheSocketOnceItsPhaseHasLastedTooLong) {
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::receiving);
  run_for(5ms);
  EXPECT_TRUE(watched.is_open());
  run_for(5s);
  EXPECT_FALSE(watched.is_open());
}

// It may have a last word to say, as TLS does; a client that speaks just then gets no other time.
TEST_F(TimekeeperTest, EndsTheWaitOfAnIdleConnectionAndClosesItLater) {
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::idle);
  char byte = 0;
  boost::system::error_code ended;
  watched.async_read_some(asio::buffer(&byte, 1),
                          [&](const boost::system::error_code& error, std::size_t) {
                            ended = error;
                            EXPECT_TRUE(watched.is_open());
                          });
  run_for(5s);
  EXPECT_EQ(ended, asio::error::operation_aborted);
  EXPECT_FALSE(watched.is_open());
}

TEST_F(TimekeeperTest, StopsItsTimerWhenThereIsNothingToWaitFor) {
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::receiving);
  const auto begin = SteadyClock::now();
  run_for(5s);
  EXPECT_LT(SteadyClock::now() - begin, 4s);
}

TEST_F(TimekeeperTest, BeginsTheDeadlineAnewWithEachPhase) {
  Timekeeper::Place place(keeper, watched);
  const auto begin = SteadyClock::now();
  for (int count = 0; count < 4; ++count) {
    place.enter(Phase::idle);
    run_for(30ms);
  }
  EXPECT_GE(SteadyClock::now() - begin, 60ms);
  EXPECT_TRUE(watched.is_open());
}

TEST_F(TimekeeperTest, KeepsTheShorterOfTwoDeadlines) {
  Socket other(context, Tcp::v4());
  Timekeeper::Place idle(keeper, other);
  idle.enter(Phase::idle);
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::sending);
  run_for(40ms);
  EXPECT_FALSE(watched.is_open());
  EXPECT_TRUE(other.is_open());
}

TEST_F(TimekeeperTest, LetsAnEndpointTakeItsTime) {
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::receiving);
  place.enter(Phase::answering);
  run_for(100ms);
  EXPECT_TRUE(watched.is_open());
}

TEST_F(TimekeeperTest, LeavesAConnectionAloneThatHasLeft) {
  {
    Timekeeper::Place(keeper, watched).enter(Phase::receiving);
  }
  run_for(50ms);
  EXPECT_TRUE(watched.is_open());
}

TEST_F(TimekeeperTest, ReleasesIdleConnectionsAlone) {
  for (const Phase phase : {Phase::idle, Phase::receiving}) {
    Timekeeper::Place place(keeper, watched);
    place.enter(phase);
    bool released = false;
    char byte = 0;
    watched.async_read_some(asio::buffer(&byte, 1), [&](auto error, std::size_t) {
      released = error == asio::error::operation_aborted;
    });
    keeper.release_idle();
    run_for(5ms);
    EXPECT_EQ(released, phase == Phase::idle);
    watched.cancel();
    run_for(1ms);
  }
}

TEST_F(TimekeeperTest, ReleasesNoConnectionWhoseRequestHasJustArrived) {
  Timekeeper::Place place(keeper, watched);
  place.enter(Phase::idle);
  client.send(asio::buffer("a", 1));
  watched.wait(Socket::wait_read);
  bool received = false;
  char byte = 0;
  watched.async_read_some(asio::buffer(&byte, 1),
                          [&](auto error, std::size_t) { received = !error; });
  keeper.release_idle();
  run_for(5ms);
  EXPECT_TRUE(received);
}

} // namespace
} // namespace assay::http
