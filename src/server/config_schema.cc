#include "server/config_schema.h"

#include <string_view>
#include <utility>

#include "server/config_table.h"

namespace assay::server {

namespace {

json::object group() {
  // A group with nothing in it is what is left when all its lines are commented out.
  return {{"type", json::array{"object", "null"}},
          {"properties", json::object()},
          {"additionalProperties", false}};
}

json::object list_of_groups() {
  return {{"type", json::array{"array", "null"}},
          {"items", group()},
          {"minItems", 1},
          {"maxItems", kServicesMax}};
}

// The group that the front of the path names, within `outer`; made if need be.
json::object& group_within(json::object& outer, std::string_view name) {
  json::object& properties = outer["properties"].as_object();
  if (!name.ends_with("[]")) return properties.emplace(name, group()).first->value().as_object();
  name.remove_suffix(2);
  auto& list = properties.emplace(name, list_of_groups()).first->value().as_object();
  return list["items"].as_object();
}

json::object schema_of(const Setting& setting) {
  json::object schema{{"description", setting.help}};
  schema.insert(setting.schema.begin(), setting.schema.end());
  schema["default"] = setting.default_value();
  return schema;
}

} // namespace

json::object config_schema() {
  json::object root = group();
  for (const Setting& setting : settings_table()) {
    json::object* inner = &root;
    std::string_view path = setting.path;
    for (std::size_t end = path.find('.'); end != std::string_view::npos; end = path.find('.')) {
      inner = &group_within(*inner, path.substr(0, end));
      path.remove_prefix(end + 1);
    }
    (*inner)["properties"].as_object()[path] = schema_of(setting);
  }
  json::object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                      {"title", "The settings of Assay"}};
  schema.insert(root.begin(), root.end());
  return schema;
}

} // namespace assay::server
