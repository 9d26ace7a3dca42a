// IP addresses, and ranges of them in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace assay::fetch {

// A value. IPv4 and IPv6 are two worlds here: an IPv4-mapped IPv6 address is an IPv6 address.
class IpAddress {
public:
  // Four numbers with dots, or what RFC 4291 section 2.2 allows; no name, no zone.
  static std::optional<IpAddress> parse(std::string_view text);

  // None for a socket that is neither IPv4 nor IPv6.
  static std::optional<IpAddress> of(const sockaddr& address);

  std::string text() const;

  std::size_t size() const { return size_; } // in bytes: 4 or 16
  std::uint8_t operator[](std::size_t index) const { return bytes_.at(index); }

private:
  std::array<std::uint8_t, 16> bytes_{};
  std::size_t size_ = 0;
};

class AddressRange {
public:
  // `127.0.0.0/8`, `fd00::/8`, or one address alone. None for anything else, so also where bits are
  // set behind the prefix: who writes 10.1.2.3/8 may mean another range than it is.
  static std::optional<AddressRange> parse(std::string_view text);

  bool contains(const IpAddress& address) const;

private:
  AddressRange(IpAddress first, std::size_t bits) : first_(first), bits_(bits) {}

  IpAddress first_;
  std::size_t bits_;
};

} // namespace assay::fetch
