#include "server/workers.h"

#include <algorithm>
#include <csignal>

namespace assay::server {

namespace {

// Signals are for the thread that waits for them.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

} // namespace

Workers::Workers(unsigned threads) {
  const unsigned count = threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  workers_.reserve(count);
  for (unsigned made = 0; made < count; ++made)
    workers_.push_back(std::make_unique<Worker>());
}

Workers::~Workers() { stop(); }

std::vector<boost::asio::io_context*> Workers::contexts() const {
  std::vector<boost::asio::io_context*> contexts;
  contexts.reserve(workers_.size());
  for (const auto& worker : workers_)
    contexts.push_back(&worker->context);
  return contexts;
}

void Workers::start() {
  for (const auto& worker : workers_)
    worker->thread = std::thread([&context = worker->context] {
      block_signals();
      context.run();
    });
}

void Workers::stop() {
  for (const auto& worker : workers_)
    worker->context.stop();
  for (const auto& worker : workers_)
    if (worker->thread.joinable()) worker->thread.join();
}

} // namespace assay::server
