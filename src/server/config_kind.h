// What the values of a setting look like: read from the tree, written as JSON, described to people
// and in JSON Schema.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/strict_json.h"
#include "server/config_fault.h"
#include "server/config_tree.h"

namespace assay::server {

// Notes the faults of one setting, or of a part of it. The faults outlive it.
class FaultNotes {
public:
  FaultNotes(std::string path, ConfigFaults& faults) : path_(std::move(path)), faults_(faults) {}

  FaultNotes of_item(std::size_t index) const { return {item_path(path_, index), faults_}; }
  FaultNotes of_member(std::string_view name) const { return {member_path(path_, name), faults_}; }

  void note(const ConfigPlace& place, std::string what) const;

  // `"some" is not one of any, all`
  void note_found(const ConfigNode& node, std::string_view allowed) const;

private:
  std::string path_;
  ConfigFaults& faults_;
};

// A value; default construction makes none that can be used.
template <class T> struct Kind {
  std::string allowed; // goes on from "is not": "one of any, all"
  json::object schema;
  // None if the node is not allowed; then a fault was noted.
  std::function<std::optional<T>(const ConfigNode&, const FaultNotes&)> read;
  std::function<json::value(const T&)> write; // what read() takes for this value
};

// The same kind for a member of another type.
template <class To, class From>
Kind<To> converted(Kind<From> kind, std::function<To(const From&)> forth,
                   std::function<From(const To&)> back) {
  return {std::move(kind.allowed), std::move(kind.schema),
          [read = std::move(kind.read), forth = std::move(forth)](
              const ConfigNode& node, const FaultNotes& faults) -> std::optional<To> {
            const std::optional<From> value = read(node, faults);
            if (!value) return std::nullopt;
            return forth(*value);
          },
          [write = std::move(kind.write), back = std::move(back)](const To& value) {
            return write(back(value));
          }};
}

} // namespace assay::server
