#include "server/config_yaml.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace assay::server {

namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kMarks = "_./:+@%-";

// Flags, nulls and numbers, by their names in YAML 1.1 and 1.2.
bool is_word_of_yaml(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"true", "false", "null", "yes", "no", "on",
                                                       "off",  "y",     "n",    "inf", "nan"};
  return std::ranges::any_of(kWords, [text](std::string_view word) {
    return std::ranges::equal(text, word, {}, [](char c) { return std::tolower(c); });
  });
}

// Something with digits at its front that is no number all the same: `30s`, `64KiB`, `127.0.0.1`.
bool is_no_number(std::string_view text) {
  return text.ends_with('s') || text.ends_with("iB") || std::ranges::count(text, '.') == 3;
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.ends_with(':') || is_word_of_yaml(text)) return false;
  const char first = text.front();
  if (!kLetters.contains(first) && first != '/' && !(kDigits.contains(first) && is_no_number(text)))
    return false;
  return std::ranges::all_of(text, [](char character) {
    return kLetters.contains(character) || kDigits.contains(character) ||
           kMarks.contains(character);
  });
}

std::string to_yaml(std::string_view text) {
  // A JSON string is a quoted scalar of YAML (YAML 1.2 section 1.3).
  return is_plain(text) ? std::string(text) : json::serialize(json::value(text));
}

} // namespace

std::string to_yaml(const json::value& value) {
  std::string text;
  if (const json::string* scalar = value.if_string()) return to_yaml(std::string_view(*scalar));
  if (const json::array* list = value.if_array()) {
    for (const json::value& item : *list)
      text.append(text.empty() ? "" : ", ").append(to_yaml(item));
    return "[" + text + "]";
  }
  if (const json::object* map = value.if_object()) {
    for (const auto& [name, member] : *map)
      text.append(text.empty() ? "" : ", ")
          .append(to_yaml(std::string_view(name)) + ": ")
          .append(to_yaml(member));
    return "{" + text + "}";
  }
  return json::serialize(value);
}

} // namespace assay::server
