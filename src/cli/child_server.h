// A server of its own for the demo: this program once more, as `assay serve` on a free port.
#pragma once

#include <filesystem>
#include <string>

namespace assay::cli {

class ChildServer {
public:
  // Starts it on this config and data folder and waits until it is ready. Throws CommandFault.
  ChildServer(const std::filesystem::path& config, const std::filesystem::path& data);
  ~ChildServer(); // ends it with SIGTERM, and waits for it
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  const std::string& ready_line() const { return ready_line_; }

  // http://127.0.0.1:PORT
  const std::string& url() const { return url_; }

private:
  void read_ready_line(int output);

  int process_ = -1;
  std::string ready_line_;
  std::string url_;
};

} // namespace assay::cli
