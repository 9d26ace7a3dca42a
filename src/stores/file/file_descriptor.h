// An open file that closes itself, and what the system says when a call on it fails.
#pragma once

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace assay::stores {

class FileDescriptor {
public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

private:
  int number_;
};

// Throws Unavailable: `cannot WHAT PATH: ` and the system's text for `error`.
[[noreturn]] void throw_unavailable(std::string_view what, const std::filesystem::path& path,
                                    int error = errno);

} // namespace assay::stores
