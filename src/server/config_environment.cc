#include "server/config_environment.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "server/config_file.h"
#include "server/config_names.h"
#include "server/config_table.h"

namespace assay::server {

namespace {

constexpr std::string_view kPrefix = "ASSAY_";
constexpr std::string_view kFileSuffix = "_FILE";

// What a variable sets.
struct Target {
  const Setting* setting;
  std::size_t service = 0;
  std::optional<std::size_t> item; // of a list
};

struct Assignment {
  Target target;
  std::string path; // of the setting
  ConfigNode value;
};

bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::size_t> consume_index(std::string_view& text) {
  constexpr std::size_t kDigitsMax = 3;
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > kDigitsMax || (digits > 1 && text.front() == '0'))
    return std::nullopt;
  std::size_t index = 0;
  std::from_chars(text.data(), text.data() + digits, index);
  text.remove_prefix(digits);
  return index;
}

std::string in_capitals(std::string_view path) {
  std::string name(path);
  std::ranges::transform(name, name.begin(), [](char character) {
    return character == '.' ? '_' : static_cast<char>(std::toupper(character));
  });
  return name;
}

std::optional<Target> match(const Setting& setting, std::string_view rest) {
  Target target{.setting = &setting, .item = {}};
  std::string_view path = setting.path;
  if (setting.is_of_service()) {
    if (!consume(rest, in_capitals(kServiceList) + "_")) return std::nullopt;
    const auto service = consume_index(rest);
    if (!service || !consume(rest, "_")) return std::nullopt;
    target.service = *service;
    path.remove_prefix(kServiceList.size() + std::string_view("[].").size());
  }
  if (!consume(rest, in_capitals(path))) return std::nullopt;
  if (rest.empty()) return target;
  if (!setting.default_value().is_array() || !consume(rest, "_")) return std::nullopt;
  target.item = consume_index(rest);
  if (!target.item || !rest.empty()) return std::nullopt;
  return target;
}

// Names of settings have underscores in them, too: only the table can tell which is which.
std::optional<Target> find_target(std::string_view name) {
  if (!consume(name, kPrefix)) return std::nullopt;
  for (const Setting& setting : settings_table())
    if (const auto target = match(setting, name)) return target;
  return std::nullopt;
}

std::string unknown(std::string_view name) {
  std::string_view rest = name;
  std::optional<std::size_t> service;
  if (consume(rest, kPrefix) && consume(rest, in_capitals(kServiceList) + "_"))
    service = consume_index(rest);
  std::vector<std::string> known;
  for (const Setting& setting : settings_table())
    known.push_back(variable_name(setting.path, service.value_or(0)));
  const auto nearest = nearest_name(name, known);
  return "is the name of no setting" + (nearest ? "; did you mean " + *nearest + "?" : "");
}

// `memory:` is a map and `-` a list to YAML; where a text is wanted, they are what they look like.
ConfigNode as_wanted(ConfigNode node, const Setting& setting, const std::string& text) {
  const bool structured = node.kind == ConfigNode::Kind::list || node.kind == ConfigNode::Kind::map;
  if (!structured || !setting.default_value().is_string()) return node;
  ConfigNode scalar;
  scalar.kind = ConfigNode::Kind::plain;
  scalar.place = std::move(node.place);
  scalar.text = text;
  return scalar;
}

// The node of that name, made if need be. Null if the parent is no map: the reader says so.
ConfigNode* descend(ConfigNode& parent, std::string_view name, const ConfigPlace& place) {
  if (parent.kind == ConfigNode::Kind::nothing) parent.kind = ConfigNode::Kind::map;
  if (parent.kind != ConfigNode::Kind::map) return nullptr;
  auto member = std::ranges::find(parent.members, name, &ConfigMember::name);
  if (member == parent.members.end()) {
    ConfigNode empty;
    empty.place = place;
    parent.members.push_back({std::string(name), place, std::move(empty)});
    member = std::prev(parent.members.end());
  }
  return &member->value;
}

ConfigNode default_list(const Setting& setting, const ConfigPlace& place) {
  ConfigNode list;
  list.kind = ConfigNode::Kind::list;
  for (const json::value& item : setting.default_value().as_array()) {
    ConfigNode& node = list.items.emplace_back();
    node.kind = ConfigNode::Kind::quoted;
    node.place = place;
    node.text = item.as_string();
  }
  return list;
}

class Overlay {
public:
  Overlay(ConfigNode& tree, ConfigFaults& faults) : tree_(tree), faults_(faults) {}

  void read(const std::string& name, const std::string& text) {
    auto target = find_target(name);
    if (target) return add(*target, name, text);

    const bool names_file = name.ends_with(kFileSuffix);
    const std::string plain_name = name.substr(0, name.size() - kFileSuffix.size());
    if (names_file) target = find_target(plain_name);
    if (!target) return fault(name, {}, unknown(name));
    if (const auto content = content_of(name, text)) add(*target, name, *content);
  }

  // Lists grow from their front; a list comes before its items.
  void assign_all() {
    std::ranges::sort(assignments_, {}, [](const Assignment& each) {
      return std::pair(each.target.service, each.target.item);
    });
    for (Assignment& assignment : assignments_)
      assign(assignment);
  }

private:
  void add(const Target& target, const std::string& name, const std::string& text) {
    std::string path = target.setting->path_in(target.service);
    if (target.item) path = item_path(path, *target.item);
    const auto same = std::ranges::find(assignments_, path, &Assignment::path);
    if (same != assignments_.end())
      return fault(name, path, fmt::format("is also set by {}", to_text(same->value.place)));

    const std::size_t faults_before = faults_.size();
    ConfigNode value = parse_config_text(text, where(name), Lines::none, faults_);
    value.place.where = where(name);
    if (faults_.size() > faults_before) value.kind = ConfigNode::Kind::refused;
    assignments_.push_back({target, path, as_wanted(std::move(value), *target.setting, text)});
  }

  void assign(Assignment& assignment) {
    const ConfigPlace place = assignment.value.place;
    const Target& target = assignment.target;
    ConfigNode* node = &tree_;
    std::string_view names = target.setting->path;
    if (target.setting->is_of_service()) {
      node = service(target, place);
      names.remove_prefix(kServiceList.size() + std::string_view("[].").size());
    }
    while (node && !names.empty()) {
      const std::size_t end = std::min(names.find('.'), names.size());
      node = descend(*node, names.substr(0, end), place);
      names.remove_prefix(std::min(end + 1, names.size()));
    }
    if (node && target.item)
      assign_item(*node, assignment);
    else if (node)
      *node = std::move(assignment.value);
  }

  // Without a list there is one service all the same, with the defaults.
  ConfigNode* service(const Target& target, const ConfigPlace& place) {
    ConfigNode* list = descend(tree_, kServiceList, place);
    if (!list) return nullptr;
    if (list->kind == ConfigNode::Kind::nothing) {
      list->kind = ConfigNode::Kind::list;
      list->items.emplace_back().place = place;
    }
    if (list->kind != ConfigNode::Kind::list) return nullptr;
    return item(*list, target.service, item_path(kServiceList, target.service), place);
  }

  void assign_item(ConfigNode& list, Assignment& assignment) {
    const ConfigPlace place = assignment.value.place;
    if (list.kind == ConfigNode::Kind::nothing)
      list = default_list(*assignment.target.setting, place);
    // One text stands for a list of one.
    if (list.kind == ConfigNode::Kind::plain || list.kind == ConfigNode::Kind::quoted) {
      ConfigNode only = std::exchange(list, {});
      list.kind = ConfigNode::Kind::list;
      list.items.push_back(std::move(only));
    }
    if (list.kind != ConfigNode::Kind::list) return;
    if (ConfigNode* node = item(list, *assignment.target.item, assignment.path, place))
      *node = std::move(assignment.value);
    list.place = place;
  }

  ConfigNode* item(ConfigNode& list, std::size_t index, const std::string& path,
                   const ConfigPlace& place) {
    if (index > list.items.size()) {
      faults_.push_back({place.where, 0, 0, path,
                         fmt::format("the next index of this list is {}", list.items.size())});
      return nullptr;
    }
    if (index == list.items.size()) list.items.emplace_back().place = place;
    return &list.items[index];
  }

  std::optional<std::string> content_of(const std::string& name, const std::string& file) {
    auto content = read_config_file(file);
    if (!content) {
      fault(name, {}, fmt::format("{} {}", file, content.error()));
      return std::nullopt;
    }
    if (content->ends_with('\n')) content->pop_back();
    if (content->ends_with('\r')) content->pop_back();
    return *std::move(content);
  }

  void fault(const std::string& name, std::string path, std::string what) {
    faults_.push_back({where(name), 0, 0, std::move(path), std::move(what)});
  }

  static std::string where(const std::string& name) { return "environment " + name; }

  ConfigNode& tree_;
  ConfigFaults& faults_;
  std::vector<Assignment> assignments_;
};

} // namespace

Environment process_environment() {
  Environment ours;
  for (char** entry = ::environ; entry && *entry; ++entry) {
    const std::string_view variable = *entry;
    const std::size_t equals = variable.find('=');
    if (variable.starts_with(kPrefix) && equals != std::string_view::npos)
      ours.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return ours;
}

void apply_environment(const Environment& environment, ConfigNode& tree, ConfigFaults& faults) {
  Overlay overlay(tree, faults);
  for (const auto& [name, text] : environment)
    if (name.starts_with(kPrefix)) overlay.read(name, text);
  overlay.assign_all();
}

std::string variable_name(std::string_view setting_path, std::size_t service) {
  std::string path(setting_path);
  if (const std::size_t index = path.find("[]"); index != std::string::npos)
    path.replace(index, 2, fmt::format(".{}", service));
  return std::string(kPrefix) + in_capitals(path);
}

} // namespace assay::server
