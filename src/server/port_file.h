// Tells the commands beside a running server which port it took, where its settings leave that
// open.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace assay::server {

// The file `port` in the data folder, there for as long as this lives. A file that cannot be
// written is no fault: only `${port}` in a command's settings then stays unknown.
class PortFile {
public:
  PortFile(const std::filesystem::path& folder, std::uint16_t port);
  ~PortFile();
  PortFile(const PortFile&) = delete;
  PortFile& operator=(const PortFile&) = delete;

private:
  std::filesystem::path path_;
};

// The port of the server that runs on this data folder, or of the last one that was killed there.
std::optional<std::uint16_t> port_taken(const std::filesystem::path& folder);

} // namespace assay::server
