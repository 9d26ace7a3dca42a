#include "fetch/address_rule.h"

#include <gtest/gtest.h>

namespace assay::fetch {
namespace {

std::optional<std::string_view> kind(std::string_view address,
                                     std::vector<AddressRange> allowed = {}) {
  return AddressRule(std::move(allowed)).refused_as(IpAddress::parse(address).value());
}

TEST(AddressRule, LetsPublicAddressesPass) {
  for (const char* address :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.32.0.1",
        "192.0.1.0", "192.169.0.1", "198.20.0.0", "223.255.255.255", "2606:4700::1111",
        "2001:200::1", "2001:db9::1", "3ffe::1"})
    EXPECT_EQ(kind(address), std::nullopt) << address;
}

TEST(AddressRule, RefusesWhatIsNotPublicAndSaysWhatItIs) {
  const std::vector<std::pair<const char*, const char*>> refused{
      {"0.0.0.0", "unspecified"},
      {"0.1.2.3", "unspecified"},
      {"10.255.0.1", "private"},
      {"100.64.0.1", "shared"},
      {"100.127.255.255", "shared"},
      {"127.0.0.1", "loopback"},
      {"127.255.255.254", "loopback"},
      {"169.254.169.254", "link-local"},
      {"172.31.0.1", "private"},
      {"192.0.0.170", "reserved for protocols"},
      {"192.0.2.1", "for documentation"},
      {"192.88.99.1", "a relay to IPv6"},
      {"192.168.0.1", "private"},
      {"198.19.255.255", "for benchmarks"},
      {"198.51.100.1", "for documentation"},
      {"203.0.113.1", "for documentation"},
      {"224.0.0.1", "multicast"},
      {"239.255.255.255", "multicast"},
      {"240.0.0.1", "reserved"},
      {"255.255.255.255", "reserved"},
      {"::", "unspecified"},
      {"::1", "loopback"},
      {"::127.0.0.1", "not public"},
      {"::ffff:127.0.0.1", "IPv4-mapped"},
      {"::ffff:1.1.1.1", "IPv4-mapped"},
      {"64:ff9b::7f00:1", "translated to IPv4"},
      {"64:ff9b:1::a00:1", "translated to IPv4"},
      {"100::1", "not public"},
      {"2001::1", "reserved for protocols"},
      {"2001:2::1", "reserved for protocols"},
      {"2001:db8::1", "for documentation"},
      {"2002:7f00:1::", "translated to IPv4"},
      {"3fff::1", "for documentation"},
      {"4000::1", "not public"},
      {"5f00::1", "not public"},
      {"8000::1", "not public"},
      {"fc00::1", "unique local"},
      {"fdff::1", "unique local"},
      {"fe80::1", "link-local"},
      {"fec0::1", "not public"},
      {"ff02::1", "multicast"}};
  for (const auto& [address, what] : refused)
    EXPECT_EQ(kind(address), what) << address;
}

TEST(AddressRule, LetsPassWhatIsAllowedAndNoMore) {
  const std::vector<AddressRange> allowed{*AddressRange::parse("127.0.0.0/8"),
                                          *AddressRange::parse("fd12::/16")};
  EXPECT_EQ(kind("127.0.0.1", allowed), std::nullopt);
  EXPECT_EQ(kind("fd12::1", allowed), std::nullopt);
  EXPECT_EQ(kind("10.0.0.1", allowed), "private");
  EXPECT_EQ(kind("fd13::1", allowed), "unique local");
  EXPECT_EQ(kind("::1", allowed), "loopback");
  EXPECT_EQ(kind("::ffff:127.0.0.1", allowed), "IPv4-mapped");
}

} // namespace
} // namespace assay::fetch
