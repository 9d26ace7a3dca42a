#include "stores/redis/redis_slots.h"

#include <algorithm>

namespace assay::stores {

namespace {

// CRC-16/XMODEM, by the table of its polynomial.
constexpr std::uint16_t kPolynomial = 0x1021;
constexpr unsigned kByteBits = 8;
constexpr unsigned kByteValues = 256;
constexpr unsigned kTopBit = 0x8000;

constexpr std::array<std::uint16_t, kByteValues> kRemainders = [] {
  std::array<std::uint16_t, kByteValues> table{};
  for (unsigned byte = 0; byte < kByteValues; ++byte) {
    unsigned rest = byte << kByteBits;
    for (unsigned bit = 0; bit < kByteBits; ++bit)
      rest = (rest & kTopBit) != 0 ? (rest << 1U) ^ kPolynomial : rest << 1U;
    table[byte] = static_cast<std::uint16_t>(rest);
  }
  return table;
}();

std::string_view hashed_part(std::string_view key) {
  const std::size_t open = key.find('{');
  if (open == std::string_view::npos) return key;
  const std::size_t close = key.find('}', open + 1);
  if (close == std::string_view::npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

} // namespace

std::uint16_t redis_slot(std::string_view key) {
  unsigned rest = 0;
  for (const char character : hashed_part(key)) {
    const unsigned byte = static_cast<unsigned char>(character);
    rest = ((rest << kByteBits) ^ kRemainders[((rest >> kByteBits) ^ byte) % kByteValues]) & 0xFFFF;
  }
  return static_cast<std::uint16_t>(rest % kRedisSlots);
}

// Each element: first slot, last slot, master, replicas...; each node: host, port, ...
RedisSlots RedisSlots::of(const RedisReply& reply, const RedisEndpoint& asked) {
  RedisSlots slots;
  for (const RedisReply& range : reply.elements) {
    constexpr std::size_t kLeastElements = 3;
    if (range.elements.size() < kLeastElements || range.elements[2].elements.size() < 2) continue;
    const std::int64_t first = range.elements[0].integer;
    const std::int64_t last = range.elements[1].integer;
    const RedisReply& host = range.elements[2].elements[0];
    const std::int64_t port = range.elements[2].elements[1].integer;
    if (first < 0 || last >= std::int64_t{kRedisSlots} || port < 1 || port > UINT16_MAX) continue;
    // "?" is a node that does not know its own name.
    const bool named = !host.text.empty() && host.text != "?";
    const std::uint16_t owner =
        slots.index_of({named ? host.text : asked.host, static_cast<std::uint16_t>(port)});
    for (std::int64_t slot = first; slot <= last; ++slot)
      slots.owner_of_[static_cast<std::size_t>(slot)] = owner;
  }
  return slots;
}

const RedisEndpoint* RedisSlots::master_of(std::uint16_t slot) const {
  const std::uint16_t owner = owner_of_[slot];
  return owner == kNobody ? nullptr : &endpoints_[owner];
}

void RedisSlots::set_master(std::uint16_t slot, const RedisEndpoint& master) {
  owner_of_[slot] = index_of(master);
}

std::vector<RedisEndpoint> RedisSlots::masters() const {
  std::vector<RedisEndpoint> masters;
  for (const RedisEndpoint& endpoint : endpoints_)
    if (std::ranges::count(owner_of_, &endpoint - endpoints_.data()) > 0)
      masters.push_back(endpoint);
  return masters;
}

bool RedisSlots::has_all() const { return std::ranges::count(owner_of_, kNobody) == 0; }

std::uint16_t RedisSlots::index_of(const RedisEndpoint& master) {
  const auto known = std::ranges::find(endpoints_, master);
  const auto index = static_cast<std::uint16_t>(known - endpoints_.begin());
  if (known == endpoints_.end()) endpoints_.push_back(master);
  return index;
}

} // namespace assay::stores
