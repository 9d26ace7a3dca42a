// What waits for a connection of the token store.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>

#include "stores/postgres/grouped_call.h"

namespace assay::stores {

// A call with whom it waits for.
class WaitingCall {
public:
  using Clock = std::chrono::steady_clock;

  explicit WaitingCall(GroupedCall& call) : call_(call) {}
  virtual ~WaitingCall() = default;
  WaitingCall(const WaitingCall&) = delete;
  WaitingCall& operator=(const WaitingCall&) = delete;

  GroupedCall& call() const { return call_; }
  virtual boost::asio::any_io_executor executor() const = 0;
  virtual void finish() = 0; // there

  Clock::time_point since = Clock::now();
  bool is_to_be_alone = false; // one of its group failed, maybe this one
  bool was_repeated = false;

private:
  GroupedCall& call_;
};

using WaitingCalls = std::vector<std::unique_ptr<WaitingCall>>;

// Goes on where its coroutine was.
template <class Handler> class AwaitedCall final : public WaitingCall {
public:
  AwaitedCall(GroupedCall& call, Handler handler)
      : WaitingCall(call), handler_(std::move(handler)) {}
  boost::asio::any_io_executor executor() const override {
    return boost::asio::get_associated_executor(handler_);
  }
  void finish() override { std::move(handler_)(call().fault); }

private:
  Handler handler_;
};

// Those of one executor go on together: its thread is woken once a group, not once a request.
void finish(WaitingCalls calls);
void finish(WaitingCalls calls, const std::exception_ptr& fault);

// Thread-safe. What cannot be done in time is turned away early, not kept until nobody waits any
// more.
class CallQueue {
public:
  // More than are done in the time that one may wait.
  static constexpr std::size_t kWaitingMax = 16'384;
  // An engine that is well takes some milliseconds; after two seconds, clients had better come
  // later.
  static constexpr std::chrono::milliseconds kWaitMax{2000};

  // So many are worth another connection's trip; fewer go with the one that is on its way, when it
  // comes back. But nobody waits for that for long.
  static constexpr std::size_t kWorthATrip = 64;
  static constexpr std::chrono::milliseconds kPatience{50};

  explicit CallQueue(std::string name) : name_(std::move(name)) {}

  // Finishes the call at once, with Unavailable, if too many wait already, or too long, or there is
  // no connection. True if somebody is to be told: it is the first, or makes another trip worth it.
  bool push(std::unique_ptr<WaitingCall> call);

  // The next group: one that is to be alone, or many; none if they are fewer than `worth`. Those
  // that waited for too long are finished.
  WaitingCalls take(std::size_t calls_max, std::size_t worth = 1);

  // In front of all others.
  void put_back(WaitingCalls calls);

  bool empty() const;
  void expire();

  // There is no connection, for that reason: all calls that wait, and all that come, are finished
  // with Unavailable, until it is opened again.
  void shut(const std::string& fault);
  void open();

  // Returns once it was opened for the first time. Throws Unavailable if it was shut instead.
  void await_opening();

private:
  std::exception_ptr refusal(const std::string& why) const;
  std::exception_ptr fault_in_front() const; // null: there is none
  bool has_waited(std::chrono::milliseconds time) const;
  WaitingCalls overdue();

  std::string name_;
  mutable std::mutex mutex_;
  std::deque<std::unique_ptr<WaitingCall>> waiting_;
  std::optional<std::string> fault_;
  std::condition_variable decided_;
  bool is_decided_ = false; // it was opened or shut
};

} // namespace assay::stores
