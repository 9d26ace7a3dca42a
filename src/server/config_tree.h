// A YAML document as it was written, with the place of everything in it; nothing here knows which
// settings there are. The one part that names yaml-cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/config_fault.h"

namespace assay::server {

struct ConfigPlace {
  std::string where; // as in ConfigFault
  int line = 0;
  int column = 0;
};

// "assay.yaml:7:15", "environment ASSAY_LISTEN_PORT"
std::string to_text(const ConfigPlace& place);

struct ConfigMember;

struct ConfigNode {
  enum class Kind {
    nothing, // null, or no value at all
    plain,   // a scalar without quotes: a number, a flag or a text, as the setting takes it
    quoted,  // a scalar that can only be a text
    list,
    map,
    refused, // a fault about it was noted: readers pass over it
  };

  // Null if there is none of that name.
  const ConfigNode* find(std::string_view name) const;

  Kind kind = Kind::nothing;
  ConfigPlace place;
  std::string text;                  // of a scalar
  std::vector<ConfigNode> items;     // of a list
  std::vector<ConfigMember> members; // of a map, in their order; no name stands there twice
};

struct ConfigMember {
  std::string name;
  ConfigPlace place; // of the name
  ConfigNode value;
};

// Whether faults tell lines and columns apart.
enum class Lines { counted, none };

// The document, of plain maps, lists and scalars. Whatever else YAML has (anchors, aliases, tags,
// names that are no scalars, several documents) is a fault, and so is a name that stands twice in
// one map. An empty text is nothing, and so is one that is not YAML.
ConfigNode parse_config_text(std::string_view text, const std::string& where, Lines lines,
                             ConfigFaults& faults);

// "token_services[0].audience", from the path of what it stands in.
std::string member_path(std::string_view path, std::string_view name);
std::string item_path(std::string_view path, std::size_t index);

} // namespace assay::server
