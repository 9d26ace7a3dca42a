// A small file that is read whole and replaced whole, so that nobody ever sees half of it and no
// crash loses it. All calls throw Unavailable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "stores/file/file_descriptor.h"

namespace assay::stores {

// What changes when a file does. A change that comes within one tick of the file system's clock may
// leave it as it was.
struct FileStamp {
  std::int64_t changed_at; // mtime in nanoseconds
  std::uint64_t size;
  std::uint64_t inode;

  bool operator==(const FileStamp&) const = default;
};

struct FileContent {
  std::string text;
  FileStamp stamp; // taken before the text was read: if the two do not fit, the next one differs
};

// None if there is no file.
std::optional<FileStamp> stamp_of(const std::filesystem::path& path);
std::optional<FileContent> read_file(const std::filesystem::path& path, std::size_t bytes_max);

// Durable before it returns: a temporary file beside it, synced, renamed, and the folder synced. To
// be called by one at a time (see FileLock).
void replace_file(const std::filesystem::path& path, std::string_view text);

enum class ExistingContent { kept, discarded };

// Opens for writing, creating it if need be with mode 0600 and the owner of its folder: a command
// that root runs must not lock the server out.
FileDescriptor create_private_file(const std::filesystem::path& path, ExistingContent content);

} // namespace assay::stores
