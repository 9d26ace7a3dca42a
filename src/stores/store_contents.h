// What lies in a store, as far as its URL alone does not tell.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/copy_mark.h"
#include "stores/store_versions.h"

namespace assay::stores {

struct StoreContents {
  bool registry = false;
  bool tokens = false;
};

// Of a store that is there: makes nothing. Throws Unavailable.
StoreContents contents_of(const std::string& url, const std::filesystem::path& folder);

// What could lie in a store of that kind. A file has room for one of the two.
StoreContents room_of(std::string_view url);

// The same for all URLs that lead to the same store in the same way; no password and no parameter
// of the connection is in it.
std::string store_name(const std::string& url, const std::filesystem::path& folder);

// The note that somebody copies into the store. Throws Unavailable.
std::optional<std::string> token_copy_mark(const std::string& url,
                                           const std::filesystem::path& folder);

} // namespace assay::stores
