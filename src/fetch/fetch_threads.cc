#include "fetch/fetch_threads.h"

#include <array>
#include <utility>

#include "base/assert.h"

namespace assay::fetch {

FetchThreads::FetchThreads(std::size_t threads) : routine_max_(threads - 1) {
  ASSAY_ASSERT(threads >= 2, "one thread for what is awaited, and one for the rest");
  for (std::size_t made = 0; made < threads; ++made)
    threads_.emplace_back([this] { run(); });
}

FetchThreads::~FetchThreads() { close(); }

void FetchThreads::post(Urgency urgency, Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    (urgency == Urgency::awaited ? awaited_ : routine_).push_back(std::move(job));
  }
  due_.notify_one();
}

void FetchThreads::close() {
  std::array<std::deque<Job>, 2> dropped;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    dropped = {std::exchange(awaited_, {}), std::exchange(routine_, {})};
  }
  dropped = {}; // without the lock: the end of a job may do anything
  due_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void FetchThreads::run() {
  while (auto order = next()) {
    order->job();
    order->job = {}; // before others: what it holds may be waited for
    if (order->urgency == Urgency::routine) end_routine_job();
  }
}

// None once nothing will come any more.
std::optional<FetchThreads::Order> FetchThreads::next() {
  std::unique_lock lock(mutex_);
  const auto has_routine = [this] { return !routine_.empty() && routine_running_ < routine_max_; };
  due_.wait(lock, [&] { return closed_ || !awaited_.empty() || has_routine(); });
  if (closed_) return std::nullopt;
  const Urgency urgency = awaited_.empty() ? Urgency::routine : Urgency::awaited;
  auto& jobs = urgency == Urgency::awaited ? awaited_ : routine_;
  Order order{urgency, std::move(jobs.front())};
  jobs.pop_front();
  if (urgency == Urgency::routine) ++routine_running_;
  return order;
}

void FetchThreads::end_routine_job() {
  {
    const std::lock_guard lock(mutex_);
    --routine_running_;
  }
  due_.notify_one();
}

} // namespace assay::fetch
