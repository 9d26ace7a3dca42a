#include "server/config_tree.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/utf8.h"

namespace assay::server {

namespace {

using Kind = ConfigNode::Kind;

// A list or a map that is not complete yet.
struct OpenNode {
  ConfigNode node;
  std::optional<ConfigMember> member; // of a map: its name was read, its value was not
  bool member_refused = false;        // its name was; there is nothing to do with its value
};

class TreeBuilder final : public YAML::EventHandler {
public:
  TreeBuilder(const std::string& where, Lines lines, ConfigFaults& faults)
      : where_(where), lines_(lines), faults_(faults) {}

  ConfigNode take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ > 0) note(place_of(mark), "a second document begins here; there can be one");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(checked(make(Kind::nothing, mark), "", anchor));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    note(place_of(mark), "an alias (*name) is not taken here: write the value out");
    add(make(Kind::refused, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    ConfigNode node = make(tag == "!" ? Kind::quoted : Kind::plain, mark);
    node.text = value;
    add(checked(std::move(node), tag, anchor));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open_.push_back({checked(make(Kind::list, mark), tag, anchor), std::nullopt});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open_.push_back({checked(make(Kind::map, mark), tag, anchor), std::nullopt});
  }
  void OnMapEnd() override { close(); }

private:
  ConfigPlace place_of(const YAML::Mark& mark) const {
    if (lines_ == Lines::none) return {where_};
    return {where_, mark.line + 1, mark.column + 1};
  }

  ConfigNode make(Kind kind, const YAML::Mark& mark) const {
    ConfigNode node;
    node.kind = kind;
    node.place = place_of(mark);
    return node;
  }

  // yaml-cpp says "?" of a scalar without quotes, "!" of one with them, and so of a tag that was
  // not written.
  ConfigNode checked(ConfigNode node, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) note(node.place, "an anchor (&name) is not taken here");
    if (!tag.empty() && tag != "?" && tag != "!")
      note(node.place, "a tag (!name) is not taken here");
    return node;
  }

  void close() {
    ConfigNode node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(ConfigNode node) {
    if (open_.empty()) {
      if (documents_ <= 1) root_ = std::move(node);
      return;
    }
    OpenNode& parent = open_.back();
    if (parent.node.kind == Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.member) {
      begin_member(parent, std::move(node));
    } else {
      parent.member->value = std::move(node);
      if (!std::exchange(parent.member_refused, false))
        parent.node.members.push_back(*std::move(parent.member));
      parent.member.reset();
    }
  }

  void begin_member(OpenNode& parent, ConfigNode name) {
    const bool scalar = name.kind == Kind::plain || name.kind == Kind::quoted;
    const ConfigNode* same = scalar ? parent.node.find(name.text) : nullptr;
    if (!scalar) note(name.place, "the name of a setting must be a text");
    parent.member = ConfigMember{std::move(name.text), name.place, {}};
    if (same) note(name.place, fmt::format("stands here twice, first at {}", to_text(same->place)));
    parent.member_refused = !scalar || same;
  }

  // Of what is being read: the value of the member, or the next item.
  std::string path() const {
    std::string path;
    for (const OpenNode& parent : open_) {
      if (parent.node.kind == Kind::list) path = item_path(path, parent.node.items.size());
      if (parent.member) path = member_path(path, parent.member->name);
    }
    return path;
  }

  void note(const ConfigPlace& place, std::string what) {
    faults_.push_back({place.where, place.line, place.column, path(), std::move(what)});
  }

  const std::string& where_;
  Lines lines_;
  ConfigFaults& faults_;
  std::vector<OpenNode> open_;
  ConfigNode root_;
  int documents_ = 0;
};

// `memory:` is what people trip over.
std::string_view hint(std::string_view fault) {
  const bool colon = fault == YAML::ErrorMsg::MAP_VALUE || fault == YAML::ErrorMsg::END_OF_MAP_FLOW;
  return colon ? "; a text that ends with a colon needs quotes" : "";
}

} // namespace

std::string to_text(const ConfigPlace& place) {
  if (place.line == 0) return place.where;
  return fmt::format("{}:{}:{}", place.where, place.line, place.column);
}

const ConfigNode* ConfigNode::find(std::string_view name) const {
  const auto member = std::ranges::find(members, name, &ConfigMember::name);
  return member == members.end() ? nullptr : &member->value;
}

ConfigNode parse_config_text(std::string_view text, const std::string& where, Lines lines,
                             ConfigFaults& faults) {
  if (!is_utf8(text)) {
    faults.push_back({where, 0, 0, {}, "is not UTF-8"});
    return {};
  }
  TreeBuilder builder(where, lines, faults);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& fault) {
    const bool placed = lines == Lines::counted && !fault.mark.is_null();
    faults.push_back({where,
                      placed ? fault.mark.line + 1 : 0,
                      placed ? fault.mark.column + 1 : 0,
                      {},
                      fmt::format("is not YAML: {}{}", fault.msg, hint(fault.msg))});
    return {};
  }
  return builder.take_root();
}

std::string member_path(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::string item_path(std::string_view path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

} // namespace assay::server
