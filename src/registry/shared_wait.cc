#include "registry/shared_wait.h"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace assay::registry {

namespace {

// Posted, not called: the timer is its own thread's alone, and there the wait has begun by then.
void wake(std::shared_ptr<asio::steady_timer> timer) {
  const auto executor = timer->get_executor();
  asio::post(executor, [timer = std::move(timer)] { timer->cancel(); });
}

} // namespace

Task<void> SharedWait::wait(std::shared_ptr<SharedWait> shared, std::chrono::milliseconds most) {
  const auto executor = co_await asio::this_coro::executor;
  const auto timer = std::make_shared<asio::steady_timer>(executor, most);
  shared->add(timer);
  shared.reset();
  co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
}

void SharedWait::release() {
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
    waiters.swap(waiters_);
  }
  for (Waiter& waiter : waiters)
    wake(std::move(waiter.timer));
}

void SharedWait::add(std::shared_ptr<asio::steady_timer> timer) {
  const std::lock_guard lock(mutex_);
  if (released_) {
    wake(std::move(timer));
    return;
  }
  auto loop_goes_on = asio::prefer(asio::any_io_executor(timer->get_executor()),
                                   asio::execution::outstanding_work.tracked);
  waiters_.push_back({std::move(loop_goes_on), std::move(timer)});
}

} // namespace assay::registry
