// The text of a config file, or of a file that a variable names.
#pragma once

#include <cstddef>
#include <expected>
#include <filesystem>
#include <string>

namespace assay::server {

inline constexpr std::size_t kConfigBytesMax = std::size_t{1} << 20U;

// The other half is why there is none: "cannot be read: No such file or directory".
std::expected<std::string, std::string> read_config_file(const std::filesystem::path& path);

} // namespace assay::server
