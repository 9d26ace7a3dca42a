#include "contract/token_store_contract.h"

#include <ostream>

namespace assay::contract {

std::vector<TokenStoreBackEnd> token_store_back_ends() {
  return {{"memory", "memory:", Durability::gone_with_the_process},
          {"sqlite", "sqlite:tokens.db", Durability::durable},
          {"postgres", testing::kPostgres, Durability::durable},
          {"pgbouncer", testing::kPgbouncer, Durability::durable},
          {"redis", testing::kRedis, Durability::durable, Forgetting::by_itself},
          {"redis_cluster", testing::kRedisCluster, Durability::durable, Forgetting::by_itself},
          {"redis_tls", testing::kRedisTls, Durability::durable, Forgetting::by_itself}};
}

std::vector<TokenStoreBackEnd> durable_token_store_back_ends() {
  auto back_ends = token_store_back_ends();
  std::erase_if(back_ends, [](const auto& each) { return each.durability != Durability::durable; });
  return back_ends;
}

void PrintTo(const TokenStoreBackEnd& back_end, std::ostream* out) { *out << back_end.name; }

} // namespace assay::contract
