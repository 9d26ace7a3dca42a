#include "cli/text_input.h"

#include <fstream>
#include <iostream>
#include <istream>
#include <iterator>

#include <fmt/format.h>

#include "cli/program.h"

namespace assay::cli {

namespace {

std::string read_all(std::istream& stream, const std::string& what) {
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad()) throw CommandFault(fmt::format("{} cannot be read", what));
  if (text.size() > kInputBytesMax) throw CommandFault(fmt::format("{} is too long", what));
  return text;
}

std::string trimmed(const std::string& text) {
  constexpr const char* kWhiteSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kWhiteSpace);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1);
}

} // namespace

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw CommandFault(fmt::format("{} cannot be opened", path));
  return read_all(file, path);
}

std::string argument_or_input(const std::string& argument) {
  if (!argument.empty() && argument != "-") return argument;
  return trimmed(read_all(std::cin, "standard input"));
}

} // namespace assay::cli
