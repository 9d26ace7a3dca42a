// The threads that serve requests: each runs an io_context of its own.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace assay::server {

// The contexts, and with them every connection that is still open, die with this.
class Workers {
public:
  // 0: one a core.
  explicit Workers(unsigned threads);
  ~Workers(); // stops
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::vector<boost::asio::io_context*> contexts() const;

  void start();

  // Returns when no thread runs any more; what waits in the contexts waits for ever.
  void stop();

private:
  struct Worker {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work =
        boost::asio::make_work_guard(context);
    std::thread thread;
  };
  std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace assay::server
