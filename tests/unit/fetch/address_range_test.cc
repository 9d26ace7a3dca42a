#include "fetch/address_range.h"

#include <netinet/in.h>

#include <gtest/gtest.h>

namespace assay::fetch {
namespace {

bool has(std::string_view range, std::string_view address) {
  return AddressRange::parse(range).value().contains(IpAddress::parse(address).value());
}

TEST(AddressRange, EndsWhereItsPrefixDoes) {
  EXPECT_TRUE(has("172.16.0.0/12", "172.16.0.0"));
  EXPECT_TRUE(has("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(has("172.16.0.0/12", "172.15.255.255"));
  EXPECT_FALSE(has("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(has("fe80::/10", "febf:ffff::1"));
  EXPECT_FALSE(has("fe80::/10", "fec0::"));
  EXPECT_TRUE(has("0.0.0.0/0", "255.255.255.255"));
}

TEST(AddressRange, CanBeOneAddress) {
  EXPECT_TRUE(has("10.0.0.7", "10.0.0.7"));
  EXPECT_FALSE(has("10.0.0.7", "10.0.0.6"));
  EXPECT_TRUE(has("::1/128", "::1"));
  EXPECT_FALSE(has("::1", "::2"));
}

TEST(AddressRange, OfOneFamilyHasNoneOfTheOther) {
  EXPECT_FALSE(has("::/0", "127.0.0.1"));
  EXPECT_FALSE(has("0.0.0.0/0", "::ffff:127.0.0.1"));
}

TEST(AddressRange, IsNothingElse) {
  for (const char* text : {"", "/8", "localhost", "127.1", "0x7f.0.0.1", "10.0.0.0/33", "::/129",
                           "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/8 ", "fe80::1%1"})
    EXPECT_FALSE(AddressRange::parse(text)) << text;
  EXPECT_FALSE(AddressRange::parse(std::string_view("10.0.0.0\0/8", 11)));
}

TEST(AddressRange, HasNoBitsBehindItsPrefix) {
  EXPECT_FALSE(AddressRange::parse("10.1.2.3/8"));
  EXPECT_FALSE(AddressRange::parse("fd00::1/8"));
}

TEST(IpAddress, IsReadFromASocketsAddress) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(IpAddress::of(reinterpret_cast<const sockaddr&>(ipv4))->text(), "127.0.0.1");
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_addr = in6addr_loopback;
  EXPECT_EQ(IpAddress::of(reinterpret_cast<const sockaddr&>(ipv6))->text(), "::1");
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::of(other));
}

} // namespace
} // namespace assay::fetch
