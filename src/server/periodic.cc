#include "server/periodic.h"

#include <exception>
#include <utility>

namespace assay::server {

Periodic::Periodic(std::chrono::milliseconds interval, std::function<void()> job,
                   FaultReport report)
    : interval_(interval), job_(std::move(job)), report_(std::move(report)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Periodic::~Periodic() { thread_.request_stop(); }

void Periodic::run(const std::stop_token& stop) {
  for (wait_for_the_next(stop); !stop.stop_requested(); wait_for_the_next(stop)) {
    try {
      job_();
    } catch (const std::exception& fault) {
      report_(fault.what());
    }
  }
}

void Periodic::wait_for_the_next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, interval_, [] { return false; });
}

} // namespace assay::server
