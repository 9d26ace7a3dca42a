// Keeps other processes, and other stores in this one, from changing a file at the same time.
#pragma once

#include <chrono>
#include <filesystem>

#include "stores/file/file_descriptor.h"

namespace assay::stores {

// Holds an exclusive flock on FILE.lock while it lives. Not on FILE itself: that is replaced by
// each change, and a lock would stay with the old one. People who edit the file by hand take no
// lock.
class FileLock {
public:
  static constexpr std::chrono::seconds kWaitMax{5};

  // Throws Unavailable if somebody else holds the lock for longer than that.
  explicit FileLock(const std::filesystem::path& file,
                    std::chrono::milliseconds wait_max = kWaitMax);

private:
  FileDescriptor descriptor_;
};

} // namespace assay::stores
