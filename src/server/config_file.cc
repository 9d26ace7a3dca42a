#include "server/config_file.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace assay::server {

std::expected<std::string, std::string> read_config_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(kConfigBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  // An end of file is what read() stops at; anything else is a fault.
  if (!file.is_open() || file.bad())
    return std::unexpected("cannot be read: " + std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kConfigBytesMax)
    return std::unexpected(fmt::format("has more than {} bytes", kConfigBytesMax));
  return text;
}

} // namespace assay::server
