// The kinds of settings that are texts: one, one of a few, several.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "server/config_kind.h"

namespace assay::server {

// Plain and quoted scalars alike, without control characters; `allowed` says the rest.
struct TextRule {
  std::string allowed;
  std::size_t bytes_least = 1;
  std::size_t bytes_most = 256;
  std::function<bool(std::string_view)> accepts = {}; // none: all
};

Kind<std::string> text(TextRule rule);

// Why a text is none of the kind; goes on from the text. None if there is no fault.
using FaultIn = std::function<std::optional<std::string>(std::string_view)>;

// `allowed` is for what is no text at all. A password in the URL is kept out of faults.
Kind<std::string> store_url(std::string allowed, FaultIn fault_in);

// One of a few names.
Kind<std::string> choice(const std::vector<std::string>& names);

template <class E> Kind<E> choice_of(const std::vector<std::pair<std::string, E>>& values) {
  std::vector<std::string> names;
  names.reserve(values.size());
  for (const auto& [name, value] : values)
    names.push_back(name);
  const auto value_of = [values](const std::string& name) {
    for (const auto& [known, value] : values)
      if (known == name) return value;
    ASSAY_ASSERT(false, "a name that choice() let through");
  };
  const auto name_of = [values](const E& value) {
    for (const auto& [name, known] : values)
      if (known == value) return name;
    ASSAY_ASSERT(false, "a name for each value");
  };
  return converted<E, std::string>(choice(names), value_of, name_of);
}

struct ItemCount {
  std::size_t least;
  std::size_t most;
};

// A list without repetitions; a single text is taken for a list of one. `allowed` is about the
// list, the item's about each item.
Kind<std::vector<std::string>> list_of(Kind<std::string> item, std::string allowed,
                                       ItemCount count);

// A map from names to texts.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

struct NameRule {
  std::string allowed;
  std::string pattern; // for the schema
  std::size_t count_most;
  FaultIn fault_in; // of a name
};

Kind<NamedTexts> map_of(Kind<std::string> value, NameRule rule);

} // namespace assay::server
