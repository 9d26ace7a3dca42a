#include "observe/json_line.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"

namespace assay::observe {

namespace {

// The characters of ASCII that stand for themselves in a JSON string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x7F; ++byte)
    plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

bool is_plain(char character) { return kPlain[static_cast<unsigned char>(character)]; }

void append_escape(std::string& line, unsigned code_point) {
  switch (code_point) {
  case '"': line += "\\\""; return;
  case '\\': line += "\\\\"; return;
  case '\n': line += "\\n"; return;
  case '\r': line += "\\r"; return;
  case '\t': line += "\\t"; return;
  default: fmt::format_to(std::back_inserter(line), "\\u{:04x}", code_point);
  }
}

void append_wide(std::string& line, std::string_view character) {
  const auto last = static_cast<unsigned char>(character.back());
  // JSON allows these two kinds as they are, but some readers end a line at U+0085, U+2028 and
  // U+2029, and some terminals obey U+0080 to U+009F.
  if (character.size() == 2 && character[0] == '\xC2' && last < 0xA0U) {
    append_escape(line, last);
  } else if (character == "\u2028" || character == "\u2029") {
    append_escape(line, 0x2000U + (last & 0x3FU));
  } else {
    line += character;
  }
}

// Appends the character at the front of `text`, and says how many bytes it took there.
std::size_t append_character(std::string& line, std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80U) {
    append_escape(line, first);
    return 1;
  }
  for (std::size_t length = 2; length <= std::min<std::size_t>(4, text.size()); ++length) {
    const std::string_view character = text.substr(0, length);
    if (!is_utf8(character)) continue;
    append_wide(line, character);
    return length;
  }
  line += "\uFFFD";
  return 1;
}

} // namespace

JsonLine::JsonLine() {
  constexpr std::size_t kOrdinaryBytes = 1'024;
  line_.reserve(kOrdinaryBytes);
  line_ += '{';
}

void JsonLine::text(std::string_view name, std::string_view value, std::size_t characters_max) {
  begin_member(name);
  append_quoted(value, characters_max);
}

void JsonLine::texts(std::string_view name, std::span<const std::string> values,
                     std::size_t characters_max) {
  begin_member(name);
  line_ += '[';
  for (const std::string& value : values) {
    if (line_.back() != '[') line_ += ',';
    append_quoted(value, characters_max);
  }
  line_ += ']';
}

void JsonLine::number(std::string_view name, std::int64_t value) {
  begin_member(name);
  const fmt::format_int digits(value);
  line_.append(digits.data(), digits.size());
}

void JsonLine::seconds(std::string_view name, TimePoint time) {
  constexpr std::uint64_t kPerSecond = 1'000'000;
  const std::int64_t count = time.time_since_epoch().count();
  const auto bits = static_cast<std::uint64_t>(count);
  const std::uint64_t magnitude = count < 0 ? 0 - bits : bits;

  begin_member(name);
  fmt::format_to(std::back_inserter(line_), "{}{}", count < 0 ? "-" : "", magnitude / kPerSecond);
  if (magnitude % kPerSecond == 0) return;
  fmt::format_to(std::back_inserter(line_), ".{:06}", magnitude % kPerSecond);
  line_.erase(line_.find_last_not_of('0') + 1);
}

void JsonLine::open(std::string_view name) {
  begin_member(name);
  line_ += '{';
}

void JsonLine::close() { line_ += '}'; }

std::string JsonLine::finish() && {
  line_ += '}';
  return std::move(line_);
}

void JsonLine::begin_member(std::string_view name) {
  if (line_.back() != '{') line_ += ',';
  line_ += '"';
  line_ += name;
  line_ += "\":";
}

void JsonLine::append_quoted(std::string_view value, std::size_t characters_max) {
  line_ += '"';
  while (!value.empty() && characters_max > 0) {
    const std::string_view first = value.substr(0, characters_max);
    const auto plain = std::ranges::find_if_not(first, is_plain) - first.begin();
    const auto run = static_cast<std::size_t>(plain);
    line_.append(first, 0, run);
    value.remove_prefix(run);
    characters_max -= run;
    if (value.empty() || characters_max == 0) break;

    value.remove_prefix(append_character(line_, value));
    --characters_max;
  }
  line_ += '"';
}

} // namespace assay::observe
