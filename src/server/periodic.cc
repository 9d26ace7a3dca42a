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
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, interval_, [] { return false; });
    }
    if (stop.stop_requested()) return;
    try {
      job_();
    } catch (const std::exception& fault) {
      report_(fault.what());
    }
  }
}

} // namespace assay::server
