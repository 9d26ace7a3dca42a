#include "observe/audit_file.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unavailable.h"

namespace assay::observe {

namespace {

[[noreturn]] void throw_unavailable(std::string_view what, const std::filesystem::path& path) {
  const std::error_code cause(errno, std::generic_category());
  throw Unavailable(std::string(what) + ' ' + path.string() + ": " + cause.message());
}

std::size_t write_all(int descriptor, std::string_view text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  return done;
}

bool ends_within_a_line(int descriptor) {
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  char last = '\n';
  return status.st_size > 0 && ::pread(descriptor, &last, 1, status.st_size - 1) == 1 &&
         last != '\n';
}

} // namespace

AuditFile::AuditFile(std::filesystem::path path)
    : path_(std::move(path)), descriptor_(is_standard_output() ? STDOUT_FILENO : open()) {}

AuditFile::~AuditFile() {
  if (!is_standard_output()) ::close(descriptor_);
}

std::size_t AuditFile::append(std::string_view text) { return write_all(descriptor_, text); }

bool AuditFile::follow() {
  if (is_standard_output()) return false;
  struct stat named{};
  struct stat opened{};
  const bool same = ::stat(path_.c_str(), &named) == 0 && ::fstat(descriptor_, &opened) == 0 &&
                    named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
  if (same) return false;

  const int successor = open();
  ::close(descriptor_);
  descriptor_ = successor;
  return true;
}

int AuditFile::open() const {
  // Read as well, for the look at the last byte.
  constexpr int kFlags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY;
  const int descriptor = ::open(path_.c_str(), kFlags, S_IRUSR | S_IWUSR);
  if (descriptor < 0) throw_unavailable("cannot open", path_);
  if (ends_within_a_line(descriptor) && write_all(descriptor, "\n") != 1) {
    const int cause = errno;
    ::close(descriptor);
    errno = cause;
    throw_unavailable("cannot write", path_);
  }
  return descriptor;
}

} // namespace assay::observe
