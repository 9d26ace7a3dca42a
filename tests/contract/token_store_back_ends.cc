#include "contract/token_store_contract.h"

namespace assay::contract {

std::vector<TokenStoreBackEnd> token_store_back_ends() {
  return {{"memory", "memory:", Durability::gone_with_the_process},
          {"sqlite", "sqlite:tokens.db", Durability::durable}};
}

} // namespace assay::contract
