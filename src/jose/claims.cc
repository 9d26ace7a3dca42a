#include "jose/claims.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <fmt/format.h>

#include "jose/plain_text.h"

namespace assay::jose {

namespace {

constexpr std::int64_t kSecondsMax = std::int64_t{1} << 53; // beyond it a double skips seconds
constexpr std::int64_t kMicrosPerSecond = 1'000'000;

TimePoint at_most_farthest(std::int64_t seconds, std::int64_t micros) {
  const std::int64_t farthest = kFarthestTime.time_since_epoch().count();
  if (seconds >= farthest / kMicrosPerSecond) return kFarthestTime;
  return TimePoint(std::chrono::microseconds(seconds * kMicrosPerSecond + micros));
}

// Rounded up to whole microseconds. The clock has whole microseconds too, and for an integer n and
// any real x, n < x is n < ceil(x), and n >= x is n >= ceil(x): no comparison changes its outcome.
TimePoint rounded_up(double date) {
  const double seconds = std::floor(date);
  const double micros = (date - seconds) * kMicrosPerSecond;
  // The double nearest to 1800000000.7 lies a little above it. Where a date is the double of a
  // whole number of microseconds it means that number, and is not to be rounded up to the next.
  const double nearest = std::nearbyint(micros);
  const bool whole = (seconds * kMicrosPerSecond + nearest) / kMicrosPerSecond == date;
  return at_most_farthest(static_cast<std::int64_t>(seconds),
                          static_cast<std::int64_t>(whole ? nearest : std::ceil(micros)));
}

// None if it is no number, negative, or above 2^53.
std::optional<TimePoint> numeric_date(const json::value& value) {
  if (const std::int64_t* seconds = value.if_int64()) {
    if (*seconds < 0 || *seconds > kSecondsMax) return std::nullopt;
    return at_most_farthest(*seconds, 0);
  }
  const double* date = value.if_double();
  if (!date || !(*date >= 0 && *date <= static_cast<double>(kSecondsMax))) return std::nullopt;
  return rounded_up(*date);
}

// Reads member after member; keeps the first fault.
class Reader {
public:
  explicit Reader(const json::object& members) : members_(members) {}

  const std::optional<Refusal>& fault() const { return fault_; }

  std::optional<std::string> identifier(std::string_view name, std::size_t bytes_max) {
    const json::value* member = members_.if_contains(name);
    if (!member) return std::nullopt;
    const json::string* text = member->if_string();
    if (!text) return refused(name, "is no string");
    if (text->empty()) return refused(name, "is empty");
    if (text->size() > bytes_max) return refused(name, "is too long");
    if (has_control_character(*text)) return refused(name, "has control characters");
    return std::string(*text);
  }

  std::optional<TimePoint> date(std::string_view name) {
    const json::value* member = members_.if_contains(name);
    if (!member) return std::nullopt;
    const auto time = numeric_date(*member);
    if (!time) return refused(name, "is no NumericDate from 0 to 2^53");
    return time;
  }

  // RFC 7519 section 4.1.3: an array of strings or, for one audience, a string.
  std::optional<std::vector<std::string>> audiences(const ClaimLimits& limits) {
    const json::value* member = members_.if_contains("aud");
    if (!member) return std::nullopt;
    std::vector<std::string> all;
    if (member->is_string()) {
      all.emplace_back(member->get_string());
    } else {
      const json::array* array = member->if_array();
      if (!array) return refused("aud", "is neither a string nor an array");
      if (array->size() > limits.audiences) return refused("aud", "has too many audiences");
      for (const json::value& element : *array) {
        if (!element.is_string()) return refused("aud", "has an element that is no string");
        all.emplace_back(element.get_string());
      }
    }
    for (const std::string& audience : all)
      if (audience.size() > limits.text_bytes) return refused("aud", "is too long");
    return all;
  }

  // Other services put arrays under this name; such a one says nothing to us.
  std::optional<std::string> scope(std::size_t bytes_max) {
    const json::value* member = members_.if_contains("scope");
    const json::string* text = member ? member->if_string() : nullptr;
    if (!text) return std::nullopt;
    if (text->size() > bytes_max) return refused("scope", "is too long");
    return std::string(*text);
  }

private:
  std::nullopt_t refused(std::string_view name, std::string_view what) {
    if (!fault_) fault_ = Refusal{Reason::claims_malformed, fmt::format("{} {}", name, what)};
    return std::nullopt;
  }

  const json::object& members_;
  std::optional<Refusal> fault_;
};

} // namespace

Result<Claims> parse_claims(std::string_view payload, const ClaimLimits& limits) {
  // The usual claims fit the stack; larger ones go on to the heap by themselves.
  std::array<unsigned char, 4096> stack;
  json::monotonic_resource storage(stack.data(), stack.size());
  const auto parsed =
      parse_strict_json(payload, {.depth = limits.json_depth}, json::storage_ptr(&storage));
  if (!parsed)
    return refuse(Reason::claims_malformed,
                  fmt::format("{} at byte {}", parsed.error().what, parsed.error().offset));
  const json::object* members = parsed->if_object();
  if (!members) return refuse(Reason::claims_malformed, "the payload is no JSON object");
  return read_claims(*members, limits);
}

Result<Claims> read_claims(const json::object& members, const ClaimLimits& limits) {
  Reader reader(members);
  Claims claims{.issuer = reader.identifier("iss", limits.text_bytes),
                .subject = reader.identifier("sub", limits.text_bytes),
                .audiences = reader.audiences(limits),
                .expires_at = reader.date("exp"),
                .not_before = reader.date("nbf"),
                .issued_at = reader.date("iat"),
                .id = reader.identifier("jti", limits.jti_bytes),
                .scope = reader.scope(limits.text_bytes)};
  if (reader.fault()) return std::unexpected(*reader.fault());
  return claims;
}

} // namespace assay::jose
