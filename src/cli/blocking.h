// Waits for a task: commands have no loop of their own.
#pragma once

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/task.h"

namespace assay::cli {

// The task's value; what it throws is thrown on.
template <class T> T wait_for(Task<T> task) {
  asio::io_context loop(1);
  std::optional<T> value;
  std::exception_ptr fault;
  asio::co_spawn(loop, std::move(task), [&](std::exception_ptr thrown, T result) {
    fault = std::move(thrown);
    value = std::move(result);
  });
  loop.run();
  if (fault) std::rethrow_exception(fault);
  return std::move(*value);
}

} // namespace assay::cli
