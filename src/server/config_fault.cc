#include "server/config_fault.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace assay::server {

namespace {

// A name from the file may hold anything; the sentence is one line all the same.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return text;
}

} // namespace

std::string to_text(const ConfigFault& fault) {
  std::string text = fault.where;
  if (fault.line > 0) text += fmt::format(":{}:{}", fault.line, fault.column);
  if (!fault.setting.empty()) text += ": " + fault.setting;
  return printable(text + ": " + fault.what);
}

std::string to_text(const ConfigFaults& faults) {
  std::string text;
  for (const ConfigFault& fault : faults)
    text.append(text.empty() ? "" : "\n").append(to_text(fault));
  return text;
}

} // namespace assay::server
