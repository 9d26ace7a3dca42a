#include "server/config_reader.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "server/config_kind.h"
#include "server/config_names.h"
#include "server/config_table.h"

namespace assay::server {

namespace {

const std::string kServicePattern = std::string(kServiceList) + "[]";

// What can stand in the group `pattern` ("token_services[].access_token"), by its next name; the
// group as a whole is "".
std::vector<std::string> names_in(std::string_view pattern) {
  const std::string prefix = pattern.empty() ? "" : std::string(pattern) + ".";
  std::vector<std::string> names;
  for (const Setting& setting : settings_table()) {
    if (!setting.path.starts_with(prefix)) continue;
    std::string name = setting.path.substr(prefix.size());
    name.resize(std::min(name.find_first_of(".["), name.size()));
    if (names.empty() || names.back() != name) names.push_back(std::move(name));
  }
  return names;
}

std::string unknown(std::string_view name, std::span<const std::string> known) {
  if (const auto nearest = nearest_name(name, known))
    return fmt::format("is unknown here; did you mean {}?", *nearest);
  return fmt::format("is unknown here; known are {}", fmt::join(known, ", "));
}

// From "a.b[0].c" to "a.b[0]", "a.b", "a", "".
void leave(std::string& path) {
  const std::size_t end = path.find_last_of(".[");
  path.resize(end == std::string::npos ? 0 : end);
}

class TreeReader {
public:
  explicit TreeReader(ConfigFaults& faults) : faults_(faults) {}

  ConfigReading read(const ConfigNode& tree) {
    reading_.places[""] = tree.place;
    read_group(tree, {"", "", 0});
    return std::move(reading_);
  }

private:
  // The same place, as the table names it and as people do.
  struct Spot {
    std::string pattern; // "token_services[].access_token"
    std::string path;    // "token_services[1].access_token"
    std::size_t service;

    Spot member(std::string_view name) const {
      return {member_path(pattern, name), member_path(path, name), service};
    }
  };

  void read_group(const ConfigNode& group, const Spot& spot) {
    if (!is_list_or_map(group, spot, ConfigNode::Kind::map, "a map of settings")) return;
    const auto known = names_in(spot.pattern);
    for (const ConfigMember& member : group.members) {
      const Spot inner = spot.member(member.name);
      reading_.places[inner.path] = member.value.place;
      if (std::ranges::find(known, member.name) == known.end())
        notes(inner).note(member.place, unknown(member.name, known));
      else if (const Setting* setting = find_setting(inner.pattern))
        read_setting(*setting, member.value, inner);
      else if (inner.pattern == kServiceList)
        read_services(member.value, inner);
      else
        read_group(member.value, inner);
    }
  }

  void read_setting(const Setting& setting, const ConfigNode& node, const Spot& spot) {
    if (!setting.read(node, notes(spot), reading_.settings, spot.service))
      reading_.refused.insert(spot.path);
  }

  void read_services(const ConfigNode& list, const Spot& spot) {
    const std::string allowed = fmt::format("a list of 1 to {} token services", kServicesMax);
    if (!is_list_or_map(list, spot, ConfigNode::Kind::list, allowed)) return;
    if (list.kind == ConfigNode::Kind::nothing) return;
    if (list.items.empty() || list.items.size() > kServicesMax) {
      notes(spot).note(list.place,
                       fmt::format("a list of {} is not {}", list.items.size(), allowed));
      return;
    }
    reading_.settings.token_services.assign(list.items.size(), {});
    for (std::size_t index = 0; index < list.items.size(); ++index) {
      const Spot item{kServicePattern, item_path(spot.path, index), index};
      reading_.places[item.path] = list.items[index].place;
      read_group(list.items[index], item);
    }
  }

  // A group with nothing in it is what is left when all its lines are commented out.
  bool is_list_or_map(const ConfigNode& node, const Spot& spot, ConfigNode::Kind wanted,
                      std::string_view allowed) {
    if (node.kind == wanted || node.kind == ConfigNode::Kind::nothing) return true;
    notes(spot).note_found(node, allowed);
    reading_.refused.insert(spot.path);
    return false;
  }

  FaultNotes notes(const Spot& spot) { return {spot.path, faults_}; }

  ConfigFaults& faults_;
  ConfigReading reading_;
};

} // namespace

bool ConfigReading::is_refused(std::string path) const {
  while (!path.empty()) {
    if (refused.contains(path)) return true;
    leave(path);
  }
  return false;
}

ConfigPlace ConfigReading::place_of(std::string path) const {
  while (!path.empty() && !places.contains(path))
    leave(path);
  return places.at(path);
}

ConfigReading read_settings(const ConfigNode& tree, ConfigFaults& faults) {
  return TreeReader(faults).read(tree);
}

} // namespace assay::server
