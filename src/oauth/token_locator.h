// The first seven characters of a token say where it is kept; the rest is the secret.
//
//   token   = locator random
//   locator = 4 of A-Z a-z 0-9, in base 62, of: lifetime class, expiry bucket
//             3 of them, of: the moment within the bucket
//
// The bucket saves a look into every bucket. The moment lets a store keep what is issued together
// side by side: neighbours share a page of the disk, where random places would take one each.
//
// A locator is no secret and proves nothing; that it tells when the token expires is no news to who
// holds it. It costs a token 7 random characters, so one that would then have fewer than 22 (131
// bits; RFC 6749 section 10.10 wants 128) carries none.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace assay::oauth {

// The bucket of tokens that expire together. A lifetime class is the lifetime rounded up to a power
// of two of seconds; its buckets are a 32nd of that wide (at least a second), so at most 34 of a
// class are live.
class TokenLocator {
public:
  static constexpr std::size_t kCharacters = 7;
  static constexpr std::size_t kRandomCharactersMin = 22;

  static TokenLocator of(TimePoint issued_at, TimePoint expires_at);

  // None if the text is too short to carry one, or begins with none that of() makes.
  static std::optional<TokenLocator> in(std::string_view token);

  // Of its parts, as stores keep them. None if there is no such.
  static std::optional<TokenLocator> at(std::uint32_t lifetime_class, std::int64_t bucket,
                                        std::int64_t moment);

  std::string text() const;

  // Which class, 0 to 31; and which bucket of it, counted modulo kBuckets.
  std::uint32_t lifetime_class() const { return class_; }
  std::uint32_t bucket() const { return bucket_; }
  static constexpr std::uint32_t kBuckets = 1U << 18;

  // One number for both: what back ends name tables and slots by.
  std::uint32_t number() const { return class_ * kBuckets + bucket_; }

  // When in the bucket it expires, in kMoments equal steps.
  std::uint32_t moment() const { return moment_; }
  static constexpr std::uint32_t kMoments = 62U * 62U * 62U;

  // From that time on everything in the bucket is expired. The bucket is taken to be the one
  // nearest to `now` that has these low bits: live ones are never further apart than 34 widths.
  TimePoint over_at(TimePoint now) const;

  // The one of that class and moment whose bucket is over at that time, a whole second.
  static std::optional<TokenLocator> ending_at(std::uint32_t lifetime_class, TimePoint over_at,
                                               std::int64_t moment);

  auto operator<=>(const TokenLocator&) const = default;

private:
  TokenLocator(std::uint32_t lifetime_class, std::uint32_t bucket, std::uint32_t moment)
      : class_(lifetime_class), bucket_(bucket), moment_(moment) {}

  std::uint32_t class_;
  std::uint32_t bucket_;
  std::uint32_t moment_;
};

} // namespace assay::oauth
