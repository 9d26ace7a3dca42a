#include "stores/file/file_lock.h"

#include <thread>

#include <fcntl.h>
#include <sys/file.h>

#include "stores/file/durable_file.h"

namespace assay::stores {

namespace {

std::filesystem::path lock_path(const std::filesystem::path& file) {
  std::filesystem::path path = file;
  return path += ".lock";
}

} // namespace

FileLock::FileLock(const std::filesystem::path& file, std::chrono::milliseconds wait_max)
    : descriptor_(create_private_file(lock_path(file), ExistingContent::kept)) {
  constexpr std::chrono::milliseconds kPause{5};
  const auto deadline = std::chrono::steady_clock::now() + wait_max;
  while (::flock(descriptor_.number(), LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK || errno == EINTR;
    if (!held || std::chrono::steady_clock::now() >= deadline)
      throw_unavailable("lock", lock_path(file));
    std::this_thread::sleep_for(kPause);
  }
}

} // namespace assay::stores
