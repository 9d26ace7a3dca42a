// Examples from RFCs: the files of tests/vectors, which SOURCES.md describes.
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace assay::testing {

// Without the line feed at the end.
inline std::string vector_text(const std::string& file) {
  std::ifstream stream(std::string(ASSAY_TEST_VECTORS "/") + file, std::ios::binary);
  if (!stream) throw std::runtime_error("no vector " + file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

} // namespace assay::testing
