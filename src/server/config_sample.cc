#include "server/config_sample.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "server/config_table.h"
#include "server/config_yaml.h"

namespace assay::server {

namespace {

constexpr std::string_view kBeginning =
    "# Every setting of Assay, at its default: an empty file, or none, means the same.\n"
    "# docs/settings.md says which values are allowed.\n\n";

constexpr std::size_t kColumns = 100;

std::vector<std::string_view> names_of(std::string_view path) {
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    names.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return names;
}

// The help, in lines of a comment.
std::string comment(std::string_view help, const std::string& indent) {
  const std::size_t columns = kColumns - indent.size() - 2;
  std::string lines;
  while (!help.empty()) {
    std::size_t end = help.size();
    if (end > columns) end = help.rfind(' ', columns);
    lines.append(fmt::format("{}# {}\n", indent, help.substr(0, end)));
    help.remove_prefix(std::min(end + 1, help.size()));
  }
  return lines;
}

class SampleWriter {
public:
  void add(const Setting& setting) {
    std::vector<std::string_view> groups = names_of(setting.path);
    const std::string_view name = groups.back();
    groups.pop_back();
    enter(groups);
    text_ += comment(setting.help, item_begins_ ? indent_of(groups, 1) : indent_of(groups));
    text_ += fmt::format("{}{}: {}\n", next_indent(groups), name, to_yaml(setting.default_value()));
  }

  std::string take() { return std::move(text_); }

private:
  // Opens what is not open yet.
  void enter(const std::vector<std::string_view>& groups) {
    if (groups.empty() || open_.empty() || groups.front() != open_.front())
      if (!text_.empty()) text_ += '\n';
    const auto shared = std::ranges::mismatch(groups, open_).in1 - groups.begin();
    open_.assign(groups.begin(), groups.begin() + shared);
    for (std::size_t depth = open_.size(); depth < groups.size(); ++depth) {
      std::string_view name = groups[depth];
      const bool list = name.ends_with("[]");
      if (list) name.remove_suffix(2);
      text_ += fmt::format("{}{}:\n", indent_of(open_), name);
      item_begins_ = list;
      open_.push_back(groups[depth]);
    }
  }

  // An item of a list is indented twice: once for its dash, once for what follows.
  static std::string indent_of(const std::vector<std::string_view>& groups, std::size_t less = 0) {
    std::size_t steps = groups.size();
    for (const std::string_view group : groups)
      steps += group.ends_with("[]") ? 1U : 0U;
    return std::string(2 * (steps - less), ' ');
  }

  std::string next_indent(const std::vector<std::string_view>& groups) {
    if (!std::exchange(item_begins_, false)) return indent_of(groups);
    return indent_of(groups, 1) + "- ";
  }

  std::string text_;
  std::vector<std::string_view> open_;
  bool item_begins_ = false;
};

} // namespace

std::string sample_config() {
  SampleWriter writer;
  for (const Setting& setting : settings_table())
    writer.add(setting);
  return std::string(kBeginning) + writer.take();
}

} // namespace assay::server
