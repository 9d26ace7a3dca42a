// Tokens in a Redis or a Redis Cluster as a thing that is copied.
#pragma once

#include <filesystem>

#include "oauth/token_transfer.h"
#include "stores/redis/redis_client.h"
#include "stores/redis/redis_steps.h"

namespace assay::stores {

// A reading goes through the keys of each master by SCAN, which finds once at the least what is
// there all the time, as long as no slot moves to another node meanwhile.
//
// A Redis keeps no token's locator: so none is told.
class RedisTokenTransfer final : public oauth::TokenTransfer {
public:
  // Throws Unavailable if it does not answer.
  RedisTokenTransfer(RedisUrl url, const std::filesystem::path& folder);

  std::unique_ptr<oauth::TransferReader> read() override;
  std::uint64_t size() override;
  void put(const oauth::TransferPage& page, TimePoint now) override;
  void remove(std::span<const oauth::TransferredToken> tokens) override;
  std::optional<std::string> mark() override;
  void set_mark(const std::optional<std::string>& text) override;

private:
  RedisClient client_;
  RedisPlanner planner_;
};

} // namespace assay::stores
