// A file of lines, for the programs that prepare what others send.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay::bench {

// In place of what the file had. Throws std::runtime_error.
inline void write_lines(const std::string& path, const std::vector<std::string>& lines) {
  std::ofstream file(path, std::ios::trunc);
  for (const std::string& line : lines)
    file << line << '\n';
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

} // namespace assay::bench
