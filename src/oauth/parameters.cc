#include "oauth/parameters.h"

#include <algorithm>

#include "oauth/quotation.h"

namespace assay::oauth {

Result<Parameters> Parameters::make(std::vector<std::pair<std::string, std::string>> sent,
                                    RepeatableNames repeatable) {
  const auto may_repeat = [&](const std::string& name) {
    return std::ranges::find(repeatable, name) != repeatable.end();
  };
  for (std::size_t later = 1; later < sent.size(); ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier)
      if (sent[earlier].first == sent[later].first && !may_repeat(sent[later].first))
        return refuse(Reason::parameter_repeated, quote_unless_secret(sent[later].first));

  std::erase_if(sent, [](const auto& entry) { return entry.second.empty(); });
  return Parameters(std::move(sent));
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  const auto entry = std::ranges::find_if(entries_, [&](const auto& e) { return e.first == name; });
  if (entry == entries_.end()) return std::nullopt;
  return entry->second;
}

std::vector<std::string> Parameters::find_all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [sent, value] : entries_)
    if (sent == name) values.push_back(value);
  return values;
}

Result<std::string_view> Parameters::require(std::string_view name) const {
  const auto value = find(name);
  if (!value) return refuse(Reason::parameter_missing, std::string(name));
  return *value;
}

} // namespace assay::oauth
