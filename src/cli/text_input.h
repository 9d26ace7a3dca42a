// Text that a command takes from a file, from standard input or from its arguments.
#pragma once

#include <cstddef>
#include <string>

namespace assay::cli {

inline constexpr std::size_t kInputBytesMax = std::size_t{64} << 20U;

// Throws CommandFault if it cannot be read or is longer than kInputBytesMax.
std::string read_file(const std::string& path);

// The argument itself; "-" or nothing stands for standard input. Without the white space around it.
std::string argument_or_input(const std::string& argument);

} // namespace assay::cli
