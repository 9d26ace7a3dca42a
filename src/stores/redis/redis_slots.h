// Which node of a cluster has a key: the slot of each key, and the master of each slot.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "stores/redis/redis_reply.h"
#include "stores/redis/redis_url.h"

namespace assay::stores {

inline constexpr std::size_t kRedisSlots = 16'384;

// CRC16 of the key, or of what stands between its first pair of braces, if that is not empty.
std::uint16_t redis_slot(std::string_view key);

// A value. A slot can be without a master: its nodes are down.
class RedisSlots {
public:
  RedisSlots() : owner_of_(kRedisSlots, kNobody) {}

  // From the reply to CLUSTER SLOTS; what is not understood of it is left out. `asked` stands where
  // the reply names no host.
  static RedisSlots of(const RedisReply& reply, const RedisEndpoint& asked);

  const RedisEndpoint* master_of(std::uint16_t slot) const;
  void set_master(std::uint16_t slot, const RedisEndpoint& master);

  // Those that have a slot.
  std::vector<RedisEndpoint> masters() const;
  bool has_all() const;

private:
  static constexpr std::uint16_t kNobody = 0xFFFF;

  std::uint16_t index_of(const RedisEndpoint& master);

  std::vector<RedisEndpoint> endpoints_;
  std::vector<std::uint16_t> owner_of_; // for each slot, the index of its master
};

} // namespace assay::stores
