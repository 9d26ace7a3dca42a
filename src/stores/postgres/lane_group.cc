#include "stores/postgres/lane_group.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace assay::stores {

namespace {

// How late a call may learn that it has waited for too long, when all connections are busy.
constexpr std::chrono::milliseconds kTick{100};

} // namespace

LaneGroup::LaneGroup(const PostgresLane::Parts& parts, std::size_t lanes)
    : loop_(parts.loop), queue_(parts.url.shown()), clock_(loop_) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t worth = lane == 0 ? 1 : CallQueue::kWorthATrip;
    lanes_.push_back(std::make_unique<PostgresLane>(parts, queue_, count_, worth));
    asio::co_spawn(loop_, lanes_.back()->run(), asio::detached);
  }
  tick();
}

LaneGroup::~LaneGroup() { queue_.shut("it is being closed"); }

Task<void> LaneGroup::perform(GroupedCall& call) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      [this, &call](auto handler) {
        enqueue(std::make_unique<AwaitedCall<decltype(handler)>>(call, std::move(handler)));
      },
      asio::use_awaitable);
}

void LaneGroup::enqueue(std::unique_ptr<WaitingCall> call) {
  // Who finds others waiting need not wake anybody: somebody will come for all of them.
  if (queue_.push(std::move(call))) asio::post(loop_, [this] { wake(); });
}

void LaneGroup::wake() {
  const auto idle = std::ranges::find_if(lanes_, [](const auto& lane) { return lane->is_idle(); });
  if (idle != lanes_.end()) (*idle)->wake();
}

void LaneGroup::tick() {
  if (is_closing_) return;
  clock_.expires_after(kTick);
  clock_.async_wait([this](const boost::system::error_code& stopped) {
    if (stopped) return;
    queue_.expire();
    // What a connection that broke has put back.
    if (!queue_.empty()) wake();
    tick();
  });
}

void LaneGroup::close() {
  asio::post(loop_, [this] {
    is_closing_ = true;
    clock_.cancel();
    for (const auto& lane : lanes_)
      lane->close();
  });
}

} // namespace assay::stores
