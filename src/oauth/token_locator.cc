#include "oauth/token_locator.h"

#include <algorithm>
#include <bit>

namespace assay::oauth {

namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::uint32_t kBase = kDigits.size();
constexpr std::uint32_t kClasses = 32;
constexpr std::uint32_t kNumbers = kClasses * TokenLocator::kBuckets;
static_assert(kNumbers <= kBase * kBase * kBase * kBase);

constexpr std::size_t kMomentCharacters = 3;
constexpr std::size_t kNumberCharacters = TokenLocator::kCharacters - kMomentCharacters;

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  for (const char character : text) {
    const std::size_t digit = kDigits.find(character);
    if (digit == std::string_view::npos) return std::nullopt;
    number = number * kBase + static_cast<std::uint32_t>(digit);
  }
  return number;
}

std::string text_of(std::uint32_t number, std::size_t characters) {
  std::string text(characters, kDigits.front());
  for (auto place = text.rbegin(); place != text.rend(); ++place) {
    *place = kDigits[number % kBase];
    number /= kBase;
  }
  return text;
}

std::uint32_t class_of(microseconds lifetime) {
  const auto whole = std::chrono::ceil<seconds>(lifetime).count();
  if (whole <= 1) return 0;
  const auto bits = std::bit_width(static_cast<std::uint64_t>(whole) - 1);
  return std::min(static_cast<std::uint32_t>(bits), kClasses - 1);
}

seconds width_of(std::uint32_t lifetime_class) {
  constexpr std::uint32_t kBucketsALifetimeBits = 5;
  return seconds(1LL << (std::max(lifetime_class, kBucketsALifetimeBits) - kBucketsALifetimeBits));
}

// Rounded down also before 1970, where integer division would round towards it.
std::int64_t index_at(TimePoint time, seconds width) {
  const std::int64_t second = unix_seconds(time);
  const std::int64_t quotient = second / width.count();
  return second % width.count() < 0 ? quotient - 1 : quotient;
}

// The low bits of a two's complement number are its remainder, never negative.
std::uint32_t low_bits(std::int64_t index) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(index) % TokenLocator::kBuckets);
}

} // namespace

TokenLocator TokenLocator::of(TimePoint issued_at, TimePoint expires_at) {
  const std::uint32_t lifetime_class = class_of(expires_at - issued_at);
  const seconds width = width_of(lifetime_class);
  const std::int64_t index = index_at(expires_at, width);
  const microseconds into_bucket = expires_at - TimePoint(index * width);
  const auto share =
      static_cast<double>(into_bucket.count()) / static_cast<double>(microseconds(width).count());
  const auto moment = static_cast<std::uint32_t>(share * kMoments);
  return {lifetime_class, low_bits(index), std::min(moment, kMoments - 1)};
}

std::optional<TokenLocator> TokenLocator::in(std::string_view token) {
  if (token.size() < kCharacters + kRandomCharactersMin) return std::nullopt;
  const auto number = number_in(token.substr(0, kNumberCharacters));
  const auto moment = number_in(token.substr(kNumberCharacters, kMomentCharacters));
  if (!number || !moment || *number >= kNumbers) return std::nullopt;
  return TokenLocator(*number / kBuckets, *number % kBuckets, *moment);
}

std::optional<TokenLocator> TokenLocator::at(std::uint32_t lifetime_class, std::int64_t bucket,
                                             std::int64_t moment) {
  if (lifetime_class >= kClasses || bucket < 0 || bucket >= kBuckets || moment < 0 ||
      moment >= kMoments)
    return std::nullopt;
  return TokenLocator(lifetime_class, static_cast<std::uint32_t>(bucket),
                      static_cast<std::uint32_t>(moment));
}

std::optional<TokenLocator> TokenLocator::ending_at(std::uint32_t lifetime_class, TimePoint over_at,
                                                    std::int64_t moment) {
  if (lifetime_class >= kClasses) return std::nullopt;
  return at(lifetime_class, low_bits(index_at(over_at, width_of(lifetime_class)) - 1), moment);
}

std::string TokenLocator::text() const {
  return text_of(number(), kNumberCharacters) + text_of(moment_, kMomentCharacters);
}

TimePoint TokenLocator::over_at(TimePoint now) const {
  const seconds width = width_of(class_);
  const std::int64_t current = index_at(now, width);
  std::int64_t ahead = low_bits(bucket_ - current);
  if (ahead >= kBuckets / 2) ahead -= kBuckets;
  return TimePoint((current + ahead + 1) * width);
}

} // namespace assay::oauth
