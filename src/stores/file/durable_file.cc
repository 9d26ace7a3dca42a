#include "stores/file/durable_file.h"

#include <array>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kPrivate = 0600;
constexpr std::size_t kBlockBytes = 65'536;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

FileStamp stamp_from(const struct stat& facts) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {facts.st_mtim.tv_sec * kNanoseconds + facts.st_mtim.tv_nsec,
          static_cast<std::uint64_t>(facts.st_size), facts.st_ino};
}

void write_all(const FileDescriptor& file, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file.number(), text.data(), text.size());
    if (written < 0 && errno != EINTR) throw_unavailable("write", path);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void sync(const FileDescriptor& file, const fs::path& path) {
  if (::fsync(file.number()) != 0) throw_unavailable("sync", path);
}

void sync_folder(const fs::path& folder) {
  const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) throw_unavailable("open", folder);
  sync(opened, folder);
}

// Only root can give a file away; anybody else keeps what he made.
void give_to_owner_of(const fs::path& model, const FileDescriptor& file) {
  struct stat facts{};
  if (::stat(model.c_str(), &facts) != 0) return;
  [[maybe_unused]] const int refused = ::fchown(file.number(), facts.st_uid, facts.st_gid);
}

} // namespace

std::optional<FileStamp> stamp_of(const fs::path& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) == 0) return stamp_from(facts);
  if (errno == ENOENT) return std::nullopt;
  throw_unavailable("look at", path);
}

std::optional<FileContent> read_file(const fs::path& path, std::size_t bytes_max) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  struct stat facts{};
  if (!file.is_open() || ::fstat(file.number(), &facts) != 0) throw_unavailable("open", path);
  if (!S_ISREG(facts.st_mode)) throw_unavailable("read", path, EISDIR);

  FileContent content{{}, stamp_from(facts)};
  std::array<char, kBlockBytes> block{};
  for (;;) {
    const ssize_t got = ::read(file.number(), block.data(), block.size());
    if (got == 0) return content;
    if (got < 0 && errno != EINTR) throw_unavailable("read", path);
    if (got > 0) content.text.append(block.data(), static_cast<std::size_t>(got));
    if (content.text.size() > bytes_max) throw_unavailable("read", path, EFBIG);
  }
}

void replace_file(const fs::path& path, std::string_view text) {
  fs::path fresh = path;
  fresh += ".new"; // One a file is enough, as one writes at a time; a crash leaves no heap of them.
  {
    const FileDescriptor file = create_private_file(fresh, ExistingContent::discarded);
    give_to_owner_of(path, file);
    write_all(file, text, fresh);
    sync(file, fresh);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) throw_unavailable("replace", path);
  sync_folder(folder_of(path));
}

FileDescriptor create_private_file(const fs::path& path, ExistingContent content) {
  const int discard = content == ExistingContent::discarded ? O_TRUNC : 0;
  FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | discard, kPrivate));
  if (!file.is_open()) throw_unavailable("create", path);
  give_to_owner_of(folder_of(path), file);
  return file;
}

} // namespace assay::stores
