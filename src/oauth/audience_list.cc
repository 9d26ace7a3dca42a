#include "oauth/audience_list.h"

#include <algorithm>

#include <fmt/ranges.h>

namespace assay::oauth {

std::vector<std::string_view> split_audience(std::string_view audience) {
  std::vector<std::string_view> uris;
  while (!audience.empty()) {
    const std::size_t end = std::min(audience.find(' '), audience.size());
    if (end > 0) uris.push_back(audience.substr(0, end));
    audience.remove_prefix(std::min(end + 1, audience.size()));
  }
  return uris;
}

bool names_audience(std::string_view audience, std::string_view uri) {
  if (!audience.contains(' ')) return !audience.empty() && audience == uri; // nearly always
  const auto uris = split_audience(audience);
  return std::ranges::find(uris, uri) != uris.end();
}

json::value audience_member(std::string_view audience) {
  const auto uris = split_audience(audience);
  if (uris.size() == 1) return json::value(uris.front());
  return json::array(uris.begin(), uris.end());
}

std::string join_audience(const std::vector<std::string>& uris) {
  return fmt::format("{}", fmt::join(uris, " "));
}

} // namespace assay::oauth
