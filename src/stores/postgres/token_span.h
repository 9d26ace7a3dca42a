// Where a token's row lies: its place, a number that orders rows by their ends, and the span of
// places that is one partition.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::stores {

//   place = group, then the end of the token's bucket in microseconds, plus its moment (56 bits)
//
// The group is the lifetime class of the token's locator: so tokens that live for minutes do not
// stay as long as those of months that end with them. All of it stands in the token's first seven
// characters, so that a look-up goes to one partition; and what is issued together lies side by
// side in the index.
using TokenPosition = std::int64_t;

// Of a token that is too short to carry its locator, or whose end was put off beyond its span: a
// partition of its own, where rows are deleted one by one. A look-up asks there as well.
inline constexpr TokenPosition kAnywhere = 0;

// Of a record that is new.
TokenPosition position_of(const oauth::TokenRecord& record);

// Of a record that may be there.
TokenPosition position_of(const oauth::TokenKey& key, TimePoint now);

// What stands in a place. None where several locators can have led there, or none: the groups of a
// class each, but for the first.
std::optional<oauth::TokenLocator> locator_at(TokenPosition position);

// Half as wide as the longest life in it, and 256 s at the least: of a group in use three or four
// are there, and one that is made ahead. A token stays for one and a half of its longest life.
struct TokenSpan {
  TokenPosition low;
  TokenPosition high; // the first beyond it
  TimePoint over_at;  // from then on all tokens in it have expired

  static TokenSpan of(TokenPosition position);

  // The last one of the same group that a token issued at `now` can need.
  TokenSpan last_needed(TimePoint now) const;
  TokenSpan next() const { return of(high); }

  auto operator<=>(const TokenSpan&) const = default;
};

} // namespace assay::stores
