// The text of a property file: {"ClientApplicationRegistry": {"billing": {record}}, ...}, laid out
// for people to read and edit.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "stores/memory/versioned_table.h"

namespace assay::stores {

// Whoever needs more keeps the registry in a database.
inline constexpr std::size_t kPropertyFileBytesMax = 64 * 1024 * 1024;

// The rows of each table, their values as json::serialize spells them.
using PropertyTables = std::map<std::string, VersionedTable::Texts, std::less<>>;

// Or one sentence on what is wrong with the text: for bad JSON, at which byte.
std::expected<PropertyTables, std::string> parse_property_document(std::string_view text);

// The spelling that parse_property_document gives a value.
std::string canonical_json(std::string_view value);

// Tables and rows in the order of their names, two spaces a level, a line break at the end.
std::string format_property_document(const PropertyTables& tables);

} // namespace assay::stores
