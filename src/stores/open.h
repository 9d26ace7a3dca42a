// From a store's URL, as the settings have it, to the store.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "oauth/token_catalogue.h"
#include "oauth/token_store.h"
#include "oauth/token_transfer.h"
#include "observe/usage_store.h"
#include "registry/property_store.h"

namespace assay::stores {

// What is wrong with a URL: a sentence that names the forms that are allowed. None if it is fine.
std::optional<std::string> property_store_url_fault(std::string_view url);
std::optional<std::string> token_store_url_fault(std::string_view url);
std::optional<std::string> usage_store_url_fault(std::string_view url);

// True for `memory:`: only the process that opened it has it.
bool lives_in_memory(std::string_view url);

// A token store and its other port; owns both.
class OpenTokenStore {
public:
  OpenTokenStore() = default;
  template <class Store>
  explicit OpenTokenStore(const std::shared_ptr<Store>& store, std::string promise = {})
      : store_(store), catalogue_(store), promise_(std::move(promise)) {}

  oauth::TokenStore& store() const { return *store_; }
  oauth::TokenCatalogue& catalogue() const { return *catalogue_; }

  // What is kept when an engine beside us fails, as it is set up: a sentence for the log. Empty
  // where that is not a matter of its settings.
  const std::string& promise() const { return promise_; }

private:
  std::shared_ptr<oauth::TokenStore> store_;
  std::shared_ptr<oauth::TokenCatalogue> catalogue_;
  std::string promise_;
};

// Files are relative to the data folder. The URLs passed the checks above. All throw Unavailable
// with a sentence for the operator.
std::unique_ptr<registry::PropertyStore> open_property_store(const std::string& url,
                                                             const std::filesystem::path& folder);
OpenTokenStore open_token_store(const std::string& url, const std::filesystem::path& folder);
std::unique_ptr<observe::UsageStore> open_usage_store(const std::string& url,
                                                      const std::filesystem::path& folder);

// To copy tokens, beside whoever has the store open. Of no store in memory.
std::unique_ptr<oauth::TokenTransfer> open_token_transfer(const std::string& url,
                                                          const std::filesystem::path& folder);

} // namespace assay::stores
