// What every back end of oauth::TokenStore and oauth::TokenCatalogue promises. A new one stands in
// the list of token_store_back_ends.cc, and is held to all of it.
#pragma once

#include <string>
#include <vector>

namespace assay::contract {

enum class Durability { gone_with_the_process, durable };

struct TokenStoreBackEnd {
  std::string name;
  std::string url;
  Durability durability;
};

std::vector<TokenStoreBackEnd> token_store_back_ends();

} // namespace assay::contract
