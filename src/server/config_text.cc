#include "server/config_text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace assay::server {

namespace {

bool is_scalar(const ConfigNode& node) {
  return node.kind == ConfigNode::Kind::plain || node.kind == ConfigNode::Kind::quoted;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 || byte == 0x7F;
  });
}

// Without what may be a password: that comes behind the `//` of a URL.
std::string shown_url(std::string_view url) {
  const std::size_t authority = url.find("//");
  if (authority == std::string_view::npos) return json::serialize(json::value(url));
  return json::serialize(json::value(std::string(url.substr(0, authority)) + "//..."));
}

json::value write_text(const std::string& text) { return json::value(text); }

// What `assay config show` prints ends up in tickets.
json::value write_url(const std::string& url) {
  constexpr std::string_view kHidden = "***";
  constexpr std::string_view kParameter = "password=";
  std::string shown = url;
  const std::size_t authority = shown.find("://");
  if (authority == std::string::npos) return json::value(shown);
  const std::size_t colon = shown.find(':', authority + 3);
  const std::size_t host = shown.rfind('@');
  if (colon != std::string::npos && host != std::string::npos && colon < host)
    shown.replace(colon + 1, host - colon - 1, kHidden);
  for (std::size_t at = shown.find(kParameter); at != std::string::npos;
       at = shown.find(kParameter, at + 1)) {
    const std::size_t begin = at + kParameter.size();
    shown.replace(begin, std::min(shown.find('&', begin), shown.size()) - begin, kHidden);
  }
  return json::value(shown);
}

bool is_within(const TextRule& rule, std::string_view text) {
  return text.size() >= rule.bytes_least && text.size() <= rule.bytes_most &&
         !has_control_characters(text) && (!rule.accepts || rule.accepts(text));
}

} // namespace

Kind<std::string> text(TextRule rule) {
  std::string allowed = rule.allowed;
  json::object schema{
      {"type", "string"}, {"minLength", rule.bytes_least}, {"maxLength", rule.bytes_most}};
  // What YAML takes for a number or a flag is a text here, as it was written.
  if (!rule.accepts) schema["type"] = json::array{"string", "number", "boolean"};
  const auto read = [rule = std::move(rule)](const ConfigNode& node, const FaultNotes& faults) {
    std::optional<std::string> value;
    if (is_scalar(node) && is_within(rule, node.text))
      value = node.text;
    else
      faults.note_found(node, rule.allowed);
    return value;
  };
  return {std::move(allowed), std::move(schema), read, write_text};
}

Kind<std::string> store_url(std::string allowed, FaultIn fault_in) {
  const auto read = [allowed, fault_in = std::move(fault_in)](const ConfigNode& node,
                                                              const FaultNotes& faults) {
    std::optional<std::string> value;
    if (!is_scalar(node))
      faults.note_found(node, allowed);
    else if (const auto fault = fault_in(node.text))
      faults.note(node.place, fmt::format("{} {}", shown_url(node.text), *fault));
    else
      value = node.text;
    return value;
  };
  return {std::move(allowed), {{"type", "string"}}, read, write_url};
}

Kind<std::string> choice(const std::vector<std::string>& names) {
  Kind<std::string> kind = text(
      {.allowed = fmt::format("{}{}", names.size() > 1 ? "one of " : "", fmt::join(names, ", ")),
       .accepts = [names](std::string_view text) {
         return std::ranges::find(names, text) != names.end();
       }});
  kind.schema = {{"enum", json::array(names.begin(), names.end())}};
  return kind;
}

Kind<std::vector<std::string>> list_of(Kind<std::string> item, std::string allowed,
                                       ItemCount count) {
  json::object schema{{"anyOf", json::array{item.schema, json::object{{"type", "array"},
                                                                      {"items", item.schema},
                                                                      {"minItems", count.least},
                                                                      {"maxItems", count.most},
                                                                      {"uniqueItems", true}}}}};
  const auto read = [allowed, count, read_item = std::move(item.read)](
                        const ConfigNode& node,
                        const FaultNotes& faults) -> std::optional<std::vector<std::string>> {
    if (is_scalar(node)) {
      auto only = read_item(node, faults);
      if (!only) return std::nullopt;
      return std::vector{*std::move(only)};
    }
    if (node.kind != ConfigNode::Kind::list) {
      faults.note_found(node, allowed);
      return std::nullopt;
    }
    if (node.items.size() < count.least || node.items.size() > count.most) {
      faults.note(node.place, fmt::format("a list of {} is not {}", node.items.size(), allowed));
      return std::nullopt;
    }
    std::vector<std::string> values;
    for (std::size_t index = 0; index < node.items.size(); ++index) {
      auto value = read_item(node.items[index], faults.of_item(index));
      if (value && std::ranges::find(values, *value) != values.end())
        faults.of_item(index).note(node.items[index].place, "stands here twice");
      else if (value)
        values.push_back(*std::move(value));
    }
    if (values.size() < node.items.size()) return std::nullopt;
    return values;
  };
  const auto write = [](const std::vector<std::string>& values) {
    return json::value(json::array(values.begin(), values.end()));
  };
  return {std::move(allowed), std::move(schema), read, write};
}

Kind<NamedTexts> map_of(Kind<std::string> value, NameRule rule) {
  std::string allowed = rule.allowed;
  json::object schema{{"type", "object"},
                      {"propertyNames", {{"pattern", rule.pattern}}},
                      {"additionalProperties", value.schema},
                      {"maxProperties", rule.count_most}};
  const auto read = [rule = std::move(rule), read_value = std::move(value.read)](
                        const ConfigNode& node,
                        const FaultNotes& faults) -> std::optional<NamedTexts> {
    if (node.kind != ConfigNode::Kind::map) {
      faults.note_found(node, rule.allowed);
      return std::nullopt;
    }
    if (node.members.size() > rule.count_most) {
      faults.note(node.place,
                  fmt::format("a map of {} is not {}", node.members.size(), rule.allowed));
      return std::nullopt;
    }
    NamedTexts values;
    for (const ConfigMember& member : node.members) {
      const FaultNotes notes = faults.of_member(member.name);
      auto text = read_value(member.value, notes);
      if (auto fault = rule.fault_in(member.name))
        notes.note(member.place, *std::move(fault));
      else if (text)
        values.emplace_back(member.name, *std::move(text));
    }
    if (values.size() < node.members.size()) return std::nullopt;
    return values;
  };
  const auto write = [](const NamedTexts& values) {
    json::object members;
    for (const auto& [name, text] : values)
      members[name] = text;
    return json::value(std::move(members));
  };
  return {std::move(allowed), std::move(schema), read, write};
}

} // namespace assay::server
