#include "server/port_file.h"

#include <fstream>
#include <system_error>

namespace assay::server {

namespace {

std::filesystem::path path_in(const std::filesystem::path& folder) { return folder / "port"; }

} // namespace

PortFile::PortFile(const std::filesystem::path& folder, std::uint16_t port)
    : path_(path_in(folder)) {
  std::ofstream(path_, std::ios::trunc) << port << '\n';
}

PortFile::~PortFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

std::optional<std::uint16_t> port_taken(const std::filesystem::path& folder) {
  std::ifstream file(path_in(folder));
  std::uint16_t port = 0;
  if (!(file >> port) || port == 0) return std::nullopt;
  return port;
}

} // namespace assay::server
