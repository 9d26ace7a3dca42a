#include "cli/child_server.h"

#include <array>
#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/program.h"

namespace assay::cli {

namespace {

// Nothing but what is safe between fork and exec.
[[noreturn]] void become_server(int output, const char* config, const char* data) {
  ::dup2(output, STDOUT_FILENO);
  ::execl("/proc/self/exe", "assay", "serve", "--config", config, "--data", data, nullptr);
  ::_exit(127);
}

} // namespace

ChildServer::ChildServer(const std::filesystem::path& config, const std::filesystem::path& data) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw CommandFault("no pipe to the server");
  process_ = ::fork();
  if (process_ == 0) become_server(ends[1], config.c_str(), data.c_str());
  ::close(ends[1]);
  if (process_ > 0) read_ready_line(ends[0]);
  ::close(ends[0]);
  if (!ready_line_.ends_with('\n')) throw CommandFault("the server did not become ready");
  ready_line_.pop_back();
  const std::size_t begin = ready_line_.find("http://");
  url_ = ready_line_.substr(begin, ready_line_.find(' ', begin) - begin);
}

ChildServer::~ChildServer() {
  if (process_ <= 0) return;
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

// Ends with the line, or with the process.
void ChildServer::read_ready_line(int output) {
  char character = 0;
  while (!ready_line_.ends_with('\n') && ::read(output, &character, 1) == 1)
    ready_line_ += character;
}

} // namespace assay::cli
