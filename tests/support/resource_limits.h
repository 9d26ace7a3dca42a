// What a process meets when the system has nothing left to give: no room, no files.
#pragma once

#include <csignal>

#include <sys/resource.h>

namespace assay::testing {

class ResourceLimit {
public:
  ResourceLimit(const ResourceLimit&) = delete;
  ResourceLimit& operator=(const ResourceLimit&) = delete;

protected:
  ResourceLimit(int resource, rlim_t limit) : resource_(resource) {
    rlimit limits{};
    ::getrlimit(resource_, &limits);
    before_ = limits.rlim_cur;
    set(limit);
  }
  ~ResourceLimit() { set(before_); }

private:
  void set(rlim_t limit) const {
    rlimit limits{};
    ::getrlimit(resource_, &limits);
    limits.rlim_cur = limit;
    ::setrlimit(resource_, &limits);
  }

  int resource_;
  rlim_t before_ = 0;
};

// While it lives, no file grows beyond that many bytes: a disk that is full.
class FileSizeLimit final : ResourceLimit {
public:
  explicit FileSizeLimit(rlim_t bytes_max)
      : ResourceLimit(RLIMIT_FSIZE, bytes_max), handler_(std::signal(SIGXFSZ, SIG_IGN)) {}
  ~FileSizeLimit() { std::signal(SIGXFSZ, handler_); }

private:
  void (*handler_)(int);
};

// While it lives, no file is opened that would make more than that many.
class OpenFileLimit final : ResourceLimit {
public:
  explicit OpenFileLimit(rlim_t files_max) : ResourceLimit(RLIMIT_NOFILE, files_max) {}
};

} // namespace assay::testing
