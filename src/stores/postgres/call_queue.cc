#include "stores/postgres/call_queue.h"

#include <algorithm>
#include <ranges>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace asio = boost::asio;

void finish(WaitingCalls calls) {
  std::vector<std::pair<asio::any_io_executor, WaitingCalls>> parts;
  for (auto& call : calls) {
    const asio::any_io_executor executor = call->executor();
    auto part = std::ranges::find(parts, executor, [](const auto& known) { return known.first; });
    if (part == parts.end()) part = parts.emplace(part, executor, WaitingCalls());
    part->second.push_back(std::move(call));
  }
  for (auto& [executor, part] : parts) {
    // Its loop could otherwise end, and be destroyed, between the last task's end and that of this
    // call.
    const auto loop_goes_on = asio::prefer(executor, asio::execution::outstanding_work.tracked);
    asio::post(executor, [done = std::move(part)] {
      for (const auto& call : done)
        call->finish();
    });
  }
}

void finish(WaitingCalls calls, const std::exception_ptr& fault) {
  for (const auto& call : calls)
    call->call().fault = fault;
  finish(std::move(calls));
}

bool CallQueue::push(std::unique_ptr<WaitingCall> call) {
  std::unique_lock lock(mutex_);
  const std::exception_ptr why = fault_in_front();
  if (!why) {
    waiting_.push_back(std::move(call));
    return waiting_.size() == 1 || waiting_.size() % kWorthATrip == 0;
  }
  lock.unlock();
  WaitingCalls alone;
  alone.push_back(std::move(call));
  finish(std::move(alone), why);
  return false;
}

std::exception_ptr CallQueue::fault_in_front() const {
  if (fault_) return refusal(*fault_);
  if (waiting_.size() >= kWaitingMax)
    return std::make_exception_ptr(
        Overloaded(fmt::format("{}: {} calls wait already", name_, kWaitingMax)));
  if (has_waited(kWaitMax))
    return refusal("the engine is too slow: the calls before wait for too long already");
  return nullptr;
}

// The first of them.
bool CallQueue::has_waited(std::chrono::milliseconds time) const {
  return !waiting_.empty() && WaitingCall::Clock::now() - waiting_.front()->since > time;
}

WaitingCalls CallQueue::take(std::size_t calls_max, std::size_t worth) {
  expire();
  const std::lock_guard lock(mutex_);
  if (waiting_.size() < worth && !has_waited(kPatience)) return {};
  WaitingCalls group;
  while (!waiting_.empty() && group.size() < calls_max) {
    if (waiting_.front()->is_to_be_alone && !group.empty()) break;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    if (group.front()->is_to_be_alone) break;
  }
  return group;
}

void CallQueue::put_back(WaitingCalls calls) {
  const std::lock_guard lock(mutex_);
  for (auto& call : calls | std::views::reverse)
    waiting_.push_front(std::move(call));
}

bool CallQueue::empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty();
}

void CallQueue::expire() {
  if (auto late = overdue(); !late.empty())
    finish(std::move(late), refusal("no connection was free in time"));
}

WaitingCalls CallQueue::overdue() {
  const std::lock_guard lock(mutex_);
  WaitingCalls late;
  while (has_waited(kWaitMax)) {
    late.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return late;
}

void CallQueue::open() {
  {
    const std::lock_guard lock(mutex_);
    fault_.reset();
    is_decided_ = true;
  }
  decided_.notify_all();
}

void CallQueue::await_opening() {
  std::unique_lock lock(mutex_);
  decided_.wait(lock, [this] { return is_decided_; });
  if (fault_) std::rethrow_exception(refusal(*fault_));
}

void CallQueue::shut(const std::string& fault) {
  WaitingCalls rest;
  {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
    is_decided_ = true;
    for (auto& call : waiting_)
      rest.push_back(std::move(call));
    waiting_.clear();
  }
  decided_.notify_all();
  finish(std::move(rest), refusal(fault));
}

std::exception_ptr CallQueue::refusal(const std::string& why) const {
  const bool is_named = why.starts_with(name_); // as the words of a connection are
  return std::make_exception_ptr(Unavailable(is_named ? why : fmt::format("{}: {}", name_, why)));
}

} // namespace assay::stores
