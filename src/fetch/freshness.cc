#include "fetch/freshness.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include <curl/curl.h>

namespace assay::fetch {

namespace {

using std::chrono::seconds;

// RFC 9111 section 1.2.2: what is too large to hold counts as that.
constexpr seconds kDeltaMax{std::int64_t{1} << 31};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t'))
    text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t'))
    text.remove_suffix(1);
  return text;
}

// delta-seconds, in quotes or without (section 5.2). What is no number was over at once.
seconds delta_of(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
    text = text.substr(1, text.size() - 2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return kDeltaMax;
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return seconds(0);
  return std::min(seconds(number), kDeltaMax);
}

// Names of directives are in any case.
bool is_named(std::string_view text, std::string_view name) {
  return std::ranges::equal(
      text, name, [](unsigned char left, char right) { return std::tolower(left) == right; });
}

std::optional<seconds> life_in_directive(std::string_view directive) {
  const std::size_t equals = directive.find('=');
  const std::string_view name = trimmed(directive.substr(0, equals));
  if (is_named(name, "no-store") || is_named(name, "no-cache")) return seconds(0);
  if (!is_named(name, "max-age")) return std::nullopt;
  return equals == std::string_view::npos ? seconds(0)
                                          : delta_of(trimmed(directive.substr(equals + 1)));
}

// The shortest that any directive of any such field asks for.
std::optional<seconds> life_in_cache_control(const FetchAnswer& answer) {
  std::optional<seconds> shortest;
  for (const auto& [name, value] : answer.fields) {
    if (name != "cache-control") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t comma = rest.find(',');
      if (const auto life = life_in_directive(rest.substr(0, comma)))
        shortest = shortest ? std::min(*shortest, *life) : *life;
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return shortest;
}

const std::string* field(const FetchAnswer& answer, std::string_view name) {
  const auto found =
      std::ranges::find(answer.fields, name, [](const auto& entry) { return entry.first; });
  return found == answer.fields.end() ? nullptr : &found->second;
}

std::optional<TimePoint> date_in(const std::string* text) {
  const std::time_t date = text ? curl_getdate(text->c_str(), nullptr) : -1;
  if (date < 0) return std::nullopt;
  return TimePoint(seconds(date));
}

// Section 5.3: an Expires that is no date, such as 0, is a time in the past.
std::optional<seconds> life_until_expires(const FetchAnswer& answer, TimePoint now) {
  const std::string* expires = field(answer, "expires");
  if (!expires) return std::nullopt;
  const auto until = date_in(expires);
  if (!until) return seconds(0);
  return std::chrono::floor<seconds>(*until - date_in(field(answer, "date")).value_or(now));
}

} // namespace

std::optional<seconds> freshness(const FetchAnswer& answer, TimePoint now) {
  auto life = life_in_cache_control(answer);
  if (!life) life = life_until_expires(answer, now);
  if (!life) return std::nullopt;
  const std::string* age = field(answer, "age");
  return std::max(seconds(0), *life - (age ? delta_of(*age) : seconds(0)));
}

} // namespace assay::fetch
