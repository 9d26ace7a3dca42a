#include "oauth/parameters.h"

#include <algorithm>

#include "base/utf8.h"

namespace assay::oauth {

Result<Parameters> Parameters::make(std::vector<std::pair<std::string, std::string>> sent) {
  for (std::size_t later = 1; later < sent.size(); ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier)
      if (sent[earlier].first == sent[later].first)
        return refuse(Reason::parameter_repeated, std::string(utf8_prefix(sent[later].first, 64)));

  std::erase_if(sent, [](const auto& entry) { return entry.second.empty(); });
  return Parameters(std::move(sent));
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  const auto entry = std::ranges::find_if(entries_, [&](const auto& e) { return e.first == name; });
  if (entry == entries_.end()) return std::nullopt;
  return entry->second;
}

Result<std::string> Parameters::require(std::string_view name) const {
  const auto value = find(name);
  if (!value) return refuse(Reason::parameter_missing, std::string(name));
  return std::string(*value);
}

} // namespace assay::oauth
