// Runs tasks to their end, for tests that have no loop of their own.
#pragma once

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/task.h"

namespace assay::testing {

// Asio makes a value before it has one; not every T can be made of nothing.
template <class T> Task<std::optional<T>> optionally(Task<T> task) {
  T value = co_await std::move(task);
  co_return std::optional<T>(std::move(value));
}

// The values of the tasks, which wait side by side on one loop; what one throws is thrown on.
template <class T> std::vector<T> results_of(std::vector<Task<T>> tasks) {
  asio::io_context loop(1);
  std::vector<std::optional<T>> values(tasks.size());
  std::exception_ptr fault;
  for (std::size_t index = 0; index < tasks.size(); ++index)
    asio::co_spawn(loop, optionally(std::move(tasks[index])),
                   [&, index](std::exception_ptr thrown, std::optional<T> value) {
                     if (thrown)
                       fault = thrown;
                     else
                       values[index] = std::move(value);
                   });
  loop.run();
  if (fault) std::rethrow_exception(fault);
  std::vector<T> results;
  for (auto& value : values)
    results.push_back(std::move(*value));
  return results;
}

template <class T> T result_of(Task<T> task) {
  std::vector<Task<T>> tasks;
  tasks.push_back(std::move(task));
  return std::move(results_of(std::move(tasks)).front());
}

} // namespace assay::testing
