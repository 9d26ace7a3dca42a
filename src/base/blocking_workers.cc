#include "base/blocking_workers.h"

#include <atomic>
#include <exception>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/unavailable.h"

namespace assay {

class BlockingWorkers::Pool {
public:
  Pool(std::size_t threads, std::size_t waiting_max)
      : places_(static_cast<std::ptrdiff_t>(threads + waiting_max)), threads_(threads) {}
  ~Pool() {
    threads_.stop();
    threads_.join();
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool take_place() {
    if (places_.fetch_sub(1) > 0) return true;
    ++places_;
    return false;
  }

  template <class Handler> void post(Handler handler, std::function<void()> work) {
    // Its loop could otherwise end before it is told.
    auto home = asio::prefer(asio::get_associated_executor(handler),
                             asio::execution::outstanding_work.tracked);
    asio::post(threads_, [this, home = std::move(home), handler = std::move(handler),
                          work = std::move(work)]() mutable {
      std::exception_ptr fault;
      try {
        work();
      } catch (...) {
        fault = std::current_exception();
      }
      ++places_;
      asio::post(home,
                 [handler = std::move(handler), fault]() mutable { std::move(handler)(fault); });
    });
  }

private:
  std::atomic<std::ptrdiff_t> places_;
  asio::thread_pool threads_;
};

BlockingWorkers::BlockingWorkers(std::size_t threads, std::size_t waiting_max)
    : pool_(std::make_unique<Pool>(threads, waiting_max)) {}

BlockingWorkers::~BlockingWorkers() = default;

Task<void> BlockingWorkers::run(std::function<void()> work) {
  if (!pool_->take_place()) throw Overloaded("too much slow work waits already");
  return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(
      [this](auto handler, std::function<void()> given) {
        pool_->post(std::move(handler), std::move(given));
      },
      asio::use_awaitable, std::move(work));
}

} // namespace assay
