#include "fetch/address_rule.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"

namespace assay::fetch {

namespace {

struct SpecialRange {
  std::string_view range;
  std::string_view kind;
};

// RFC 6890 section 2.2, and what the registries that it made have taken in since; the first range
// that fits names the kind. Of IPv6, 2000::/3 alone is handed out at all (RFC 4291 section 2.4).
// Addresses that stand for IPv4 ones are refused as such: what they lead to is not told by them.
constexpr std::array kSpecialRanges{
    SpecialRange{"0.0.0.0/8", "unspecified"},
    SpecialRange{"10.0.0.0/8", "private"},
    SpecialRange{"100.64.0.0/10", "shared"}, // RFC 6598
    SpecialRange{"127.0.0.0/8", "loopback"},
    SpecialRange{"169.254.0.0/16", "link-local"}, // where clouds keep their metadata
    SpecialRange{"172.16.0.0/12", "private"},
    SpecialRange{"192.0.0.0/24", "reserved for protocols"},
    SpecialRange{"192.0.2.0/24", "for documentation"},
    SpecialRange{"192.88.99.0/24", "a relay to IPv6"}, // RFC 7526
    SpecialRange{"192.168.0.0/16", "private"},
    SpecialRange{"198.18.0.0/15", "for benchmarks"},
    SpecialRange{"198.51.100.0/24", "for documentation"},
    SpecialRange{"203.0.113.0/24", "for documentation"},
    SpecialRange{"224.0.0.0/4", "multicast"},
    SpecialRange{"240.0.0.0/4", "reserved"}, // broadcast too

    SpecialRange{"::/128", "unspecified"},
    SpecialRange{"::1/128", "loopback"},
    SpecialRange{"::ffff:0:0/96", "IPv4-mapped"},
    SpecialRange{"64:ff9b::/96", "translated to IPv4"},   // RFC 6052
    SpecialRange{"64:ff9b:1::/48", "translated to IPv4"}, // RFC 8215
    SpecialRange{"2001::/23", "reserved for protocols"},  // Teredo and benchmarks too
    SpecialRange{"2001:db8::/32", "for documentation"},
    SpecialRange{"2002::/16", "translated to IPv4"}, // RFC 3056
    SpecialRange{"3fff::/20", "for documentation"},  // RFC 9637
    SpecialRange{"fc00::/7", "unique local"},        // RFC 4193
    SpecialRange{"fe80::/10", "link-local"},
    SpecialRange{"ff00::/8", "multicast"},
    SpecialRange{"::/3", "not public"},
    SpecialRange{"4000::/2", "not public"},
    SpecialRange{"8000::/1", "not public"},
};

using ParsedRange = std::pair<AddressRange, std::string_view>;

std::vector<ParsedRange> parsed_ranges() {
  std::vector<ParsedRange> ranges;
  for (const SpecialRange& special : kSpecialRanges) {
    const auto range = AddressRange::parse(special.range);
    ASSAY_ASSERT(range.has_value(), "the ranges of the table can be read");
    ranges.emplace_back(*range, special.kind);
  }
  return ranges;
}

} // namespace

AddressRule::AddressRule(std::vector<AddressRange> allowed) : allowed_(std::move(allowed)) {}

std::optional<std::string_view> AddressRule::refused_as(const IpAddress& address) const {
  static const std::vector<ParsedRange> special = parsed_ranges();
  const auto has_it = [&](const AddressRange& range) { return range.contains(address); };
  if (std::ranges::any_of(allowed_, has_it)) return std::nullopt;
  const auto found = std::ranges::find_if(special, has_it, &ParsedRange::first);
  if (found == special.end()) return std::nullopt;
  return found->second;
}

} // namespace assay::fetch
