// The file behind the audit log: opened for appending, and followed when it is rotated.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace assay::observe {

// For one thread at a time.
class AuditFile {
public:
  // "-" is standard output. A new file has mode 0600. If the last line of an old one has no end,
  // since a power cut or a full disk cut it short, it gets one. Throws Unavailable.
  explicit AuditFile(std::filesystem::path path);
  ~AuditFile();
  AuditFile(const AuditFile&) = delete;
  AuditFile& operator=(const AuditFile&) = delete;

  // How many bytes were written: fewer than there are means that the rest cannot be for now.
  std::size_t append(std::string_view text);

  // If the path leads to another file by now, or to none, since a rotation moved the old one:
  // opens that one, and is true. Throws Unavailable when it cannot, and stays with the old file.
  bool follow();

private:
  bool is_standard_output() const { return path_ == "-"; }
  int open() const;

  std::filesystem::path path_;
  int descriptor_;
};

} // namespace assay::observe
