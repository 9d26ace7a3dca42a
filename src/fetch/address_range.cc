#include "fetch/address_range.h"

#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace assay::fetch {

namespace {

constexpr std::size_t kByteBits = 8;

bool bit_at(const IpAddress& address, std::size_t index) {
  return ((address[index / kByteBits] >> (kByteBits - 1 - index % kByteBits)) & 1U) != 0;
}

std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

} // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  IpAddress address;
  address.size_ = text.contains(':') ? sizeof(in6_addr) : sizeof(in_addr);
  const int family = text.contains(':') ? AF_INET6 : AF_INET;
  if (::inet_pton(family, terminated.c_str(), address.bytes_.data()) != 1) return std::nullopt;
  return address;
}

std::optional<IpAddress> IpAddress::of(const sockaddr& address) {
  IpAddress found;
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof ipv4);
    found.size_ = sizeof ipv4.sin_addr;
    std::memcpy(found.bytes_.data(), &ipv4.sin_addr, sizeof ipv4.sin_addr);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof ipv6);
    found.size_ = sizeof ipv6.sin6_addr;
    std::memcpy(found.bytes_.data(), &ipv6.sin6_addr, sizeof ipv6.sin6_addr);
  } else {
    return std::nullopt;
  }
  return found;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = size_ == sizeof(in_addr) ? AF_INET : AF_INET6;
  ::inet_ntop(family, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = IpAddress::parse(text.substr(0, slash));
  if (!first) return std::nullopt;
  const std::size_t bits_max = first->size() * kByteBits;
  const auto bits = slash == std::string_view::npos ? std::optional(bits_max)
                                                    : parse_number(text.substr(slash + 1));
  if (!bits || *bits > bits_max) return std::nullopt;
  for (std::size_t index = *bits; index < bits_max; ++index)
    if (bit_at(*first, index)) return std::nullopt;
  return AddressRange(*first, *bits);
}

bool AddressRange::contains(const IpAddress& address) const {
  if (address.size() != first_.size()) return false;
  for (std::size_t index = 0; index < bits_; ++index)
    if (bit_at(address, index) != bit_at(first_, index)) return false;
  return true;
}

} // namespace assay::fetch
