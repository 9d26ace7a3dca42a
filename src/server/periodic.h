// A job that runs every so often on a thread of its own, away from every request.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace assay::server {

// The first run is one interval after the start. A job that throws is reported and runs again next
// time.
class Periodic {
public:
  using FaultReport = std::function<void(const std::string& what)>;

  Periodic(std::chrono::milliseconds interval, std::function<void()> job, FaultReport report);
  ~Periodic(); // waits for a run that is under way
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

private:
  void run(const std::stop_token& stop);
  void wait_for_the_next(const std::stop_token& stop);

  std::chrono::milliseconds interval_;
  std::function<void()> job_;
  FaultReport report_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_; // last: it uses all of the above
};

} // namespace assay::server
