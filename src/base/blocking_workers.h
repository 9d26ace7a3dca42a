// Work that takes long or waits, on threads of its own: what must not hold up the requests.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "base/task.h"

namespace assay {

// Thread-safe.
class BlockingWorkers {
public:
  // At most `waiting_max` works wait for one of the threads.
  BlockingWorkers(std::size_t threads, std::size_t waiting_max);
  ~BlockingWorkers(); // waits for what runs; what waits is dropped
  BlockingWorkers(const BlockingWorkers&) = delete;
  BlockingWorkers& operator=(const BlockingWorkers&) = delete;

  // Goes on where it was awaited, once the work is done. Throws what the work throws, and
  // Unavailable if too many wait already. What the work refers to outlives the task. The executor
  // that awaits it outlives these workers.
  Task<void> run(std::function<void()> work);

private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

} // namespace assay
