// The threads that fetch, away from every request. What a request waits for goes first.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace assay::fetch {

inline constexpr std::size_t kFetchThreads = 4;

enum class Urgency { awaited, routine };

// Thread-safe.
class FetchThreads {
public:
  using Job = std::function<void()>; // throws nothing

  // At least two.
  explicit FetchThreads(std::size_t threads = kFetchThreads);
  ~FetchThreads(); // closes
  FetchThreads(const FetchThreads&) = delete;
  FetchThreads& operator=(const FetchThreads&) = delete;

  // Whoever posts bounds how much of it there is. A routine job never takes the last free thread.
  void post(Urgency urgency, Job job);

  // Waits for the jobs under way; those that wait are destroyed and never run, as are later ones.
  void close();

private:
  struct Order {
    Urgency urgency;
    Job job;
  };

  void run();
  std::optional<Order> next();
  void end_routine_job();

  std::size_t routine_max_;
  std::mutex mutex_;
  std::condition_variable due_;
  std::deque<Job> awaited_;
  std::deque<Job> routine_;
  std::size_t routine_running_ = 0;
  bool closed_ = false;
  std::vector<std::thread> threads_; // last: they use all of the above
};

} // namespace assay::fetch
