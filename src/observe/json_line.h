// Writes one JSON object (RFC 8259) as one line of text, for logs. No tree is built: a line costs
// little more than copying its characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace assay::observe {

// Whatever the values are, the line is one line and valid JSON in UTF-8: control characters and
// the line separators of Unicode are escaped, a byte that is no part of UTF-8 becomes U+FFFD.
// Names are constants of ours and stand as they are.
class JsonLine {
public:
  // Where a value is cut, in characters, if the caller does not say less.
  static constexpr std::size_t kCharactersMax = 1'000;

  JsonLine();

  void text(std::string_view name, std::string_view value,
            std::size_t characters_max = kCharactersMax);
  void texts(std::string_view name, std::span<const std::string> values,
             std::size_t characters_max = kCharactersMax);
  void number(std::string_view name, std::int64_t value);

  // A NumericDate (RFC 7519 section 2): seconds since 1970, with a fraction only if there is one.
  void seconds(std::string_view name, TimePoint time);

  // What is written until close() is a member of this object.
  void open(std::string_view name);
  void close();

  // The whole line, without its end.
  std::string finish() &&;

private:
  void begin_member(std::string_view name);
  void append_quoted(std::string_view value, std::size_t characters_max);

  std::string line_;
};

} // namespace assay::observe
