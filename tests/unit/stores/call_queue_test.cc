#include "stores/postgres/call_queue.h"

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "stores/postgres/look_up_calls.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;

class WaitingLines : public ::testing::Test {
protected:
  // A call that notes in `finished` what it came to.
  class NotedCall final : public WaitingCall {
  public:
    NotedCall(WaitingLines& test, GroupedCall& call, int number)
        : WaitingCall(call), test_(test), number_(number) {}
    boost::asio::any_io_executor executor() const override { return test_.loop_.get_executor(); }
    void finish() override {
      std::string what = std::to_string(number_);
      try {
        if (call().fault) std::rethrow_exception(call().fault);
      } catch (const Overloaded& fault) {
        what.append(" overloaded: ").append(fault.what());
      } catch (const Unavailable& fault) {
        what.append(" ").append(fault.what());
      }
      test_.finished_.push_back(std::move(what));
    }

  private:
    WaitingLines& test_;
    int number_;
  };

  std::unique_ptr<WaitingCall> call(int number) {
    calls_.push_back(std::make_unique<SeenCall>(testing::claim_of("jti"), testing::kTokenTime));
    return std::make_unique<NotedCall>(*this, *calls_.back(), number);
  }

  std::vector<std::string> finished() {
    loop_.restart();
    loop_.run();
    return std::exchange(finished_, {});
  }

  boost::asio::io_context loop_;
  std::vector<std::unique_ptr<SeenCall>> calls_;
  std::vector<std::string> finished_;
  CallQueue queue_{"engine"};
};

TEST_F(WaitingLines, WakeSomebodyForTheFirstOnly) {
  EXPECT_TRUE(queue_.push(call(1)));
  EXPECT_FALSE(queue_.push(call(2)));
  EXPECT_EQ(queue_.take(10).size(), 2U);
  EXPECT_TRUE(queue_.push(call(3)));
}

TEST_F(WaitingLines, GiveUpToSoManyAtOnce) {
  for (int number = 0; number < 5; ++number)
    queue_.push(call(number));
  EXPECT_EQ(queue_.take(3).size(), 3U);
  EXPECT_EQ(queue_.take(3).size(), 2U);
  EXPECT_TRUE(queue_.take(3).empty());
}

TEST_F(WaitingLines, WakeAnotherWhenItIsWorthIt) {
  EXPECT_TRUE(queue_.push(call(1)));
  EXPECT_TRUE(queue_.take(10, 2).empty());
  for (std::size_t waiting = 2; waiting < CallQueue::kWorthATrip; ++waiting)
    EXPECT_FALSE(queue_.push(call(2)));
  EXPECT_TRUE(queue_.push(call(3)));
  EXPECT_EQ(queue_.take(1000, CallQueue::kWorthATrip).size(), CallQueue::kWorthATrip);
}

TEST_F(WaitingLines, AreWorthATripWhenTheyHaveWaited) {
  auto patient = call(1);
  patient->since -= CallQueue::kPatience + 1ms;
  queue_.push(std::move(patient));
  EXPECT_EQ(queue_.take(10, CallQueue::kWorthATrip).size(), 1U);
}

TEST_F(WaitingLines, GiveByItselfWhatIsToBeAlone) {
  auto suspect = call(1);
  suspect->is_to_be_alone = true;
  queue_.push(call(0));
  queue_.push(std::move(suspect));
  queue_.push(call(2));
  EXPECT_EQ(queue_.take(10).size(), 1U);
  EXPECT_EQ(queue_.take(10).size(), 1U);
  EXPECT_EQ(queue_.take(10).size(), 1U);
}

TEST_F(WaitingLines, HaveWhatIsPutBackInFront) {
  queue_.push(call(1));
  queue_.push(call(2));
  auto group = queue_.take(1);
  queue_.put_back(std::move(group));
  finish(queue_.take(1));
  EXPECT_EQ(finished(), std::vector<std::string>{"1"});
}

TEST_F(WaitingLines, AreBounded) {
  for (std::size_t waiting = 0; waiting < CallQueue::kWaitingMax; ++waiting)
    queue_.push(call(0));
  queue_.push(call(1));
  EXPECT_EQ(finished(), std::vector<std::string>{"1 overloaded: engine: 16384 calls wait already"});
}

TEST_F(WaitingLines, TurnAwayWhoComesWhileOthersWaitForTooLong) {
  auto first = call(1);
  first->since -= CallQueue::kWaitMax + 1ms;
  queue_.push(std::move(first));
  queue_.push(call(2));
  const auto turned_away = finished();
  ASSERT_EQ(turned_away.size(), 1U);
  EXPECT_TRUE(turned_away[0].starts_with("2 engine: the engine is too slow"));
  queue_.expire();
  EXPECT_EQ(finished(), std::vector<std::string>{"1 engine: no connection was free in time"});
  EXPECT_TRUE(queue_.empty());
}

TEST_F(WaitingLines, AreSentHomeWhenThereIsNoConnection) {
  queue_.push(call(1));
  queue_.shut("refused");
  queue_.push(call(2));
  EXPECT_EQ(finished(), (std::vector<std::string>{"1 engine: refused", "2 engine: refused"}));
  queue_.open();
  EXPECT_TRUE(queue_.push(call(3)));
  EXPECT_TRUE(finished().empty());
}

TEST_F(WaitingLines, SayWhetherThereEverWasAConnection) {
  queue_.shut("refused");
  EXPECT_THROW(queue_.await_opening(), Unavailable);
  queue_.open();
  EXPECT_NO_THROW(queue_.await_opening());
}

} // namespace
} // namespace assay::stores
