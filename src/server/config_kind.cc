#include "server/config_kind.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace assay::server {

namespace {

std::string found(const ConfigNode& node) {
  constexpr std::size_t kShownBytesMax = 80;
  switch (node.kind) {
  case ConfigNode::Kind::plain:
  case ConfigNode::Kind::quoted: {
    const std::string_view shown = utf8_prefix(node.text, kShownBytesMax);
    const std::string quoted = json::serialize(json::value(shown));
    return shown.size() == node.text.size() ? quoted : quoted + "...";
  }
  case ConfigNode::Kind::list: return "a list";
  case ConfigNode::Kind::map: return "a map";
  case ConfigNode::Kind::nothing:
  case ConfigNode::Kind::refused: break;
  }
  return "nothing";
}

} // namespace

void FaultNotes::note(const ConfigPlace& place, std::string what) const {
  faults_.push_back({place.where, place.line, place.column, path_, std::move(what)});
}

void FaultNotes::note_found(const ConfigNode& node, std::string_view allowed) const {
  if (node.kind == ConfigNode::Kind::refused) return;
  note(node.place, fmt::format("{} is not {}", found(node), allowed));
}

} // namespace assay::server
