// The kinds of settings that count something: numbers, sizes, durations; and flags.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "server/config_kind.h"

namespace assay::server {

// Both ends are allowed.
struct Range {
  std::int64_t least;
  std::int64_t most;
};

Kind<bool> flag();

// Digits alone, without quotes.
Kind<std::int64_t> whole_number(Range range);

// `30s`, `5m`, `2h`, `1d`, `500ms`, or a plain number of seconds. All in milliseconds.
Kind<std::int64_t> milliseconds_of_duration(Range range);

// The same, but for durations that are whole seconds; the range is in milliseconds all the same.
Kind<std::int64_t> milliseconds_of_whole_seconds(Range range);

// `64KiB`, `1MiB`, or a plain number of bytes.
Kind<std::int64_t> bytes_of_size(Range range);

// The kinds above for members of their own types.

template <std::integral T> Kind<T> number(T least, T most) {
  return converted<T, std::int64_t>(
      whole_number({static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)}),
      [](const std::int64_t& value) { return static_cast<T>(value); },
      [](const T& value) { return static_cast<std::int64_t>(value); });
}

inline Kind<std::size_t> size(std::size_t least, std::size_t most) {
  return converted<std::size_t, std::int64_t>(
      bytes_of_size({static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)}),
      [](const std::int64_t& value) { return static_cast<std::size_t>(value); },
      [](const std::size_t& value) { return static_cast<std::int64_t>(value); });
}

inline Kind<std::chrono::milliseconds> duration(std::chrono::milliseconds least,
                                                std::chrono::milliseconds most) {
  using std::chrono::milliseconds;
  return converted<milliseconds, std::int64_t>(
      milliseconds_of_duration({least.count(), most.count()}),
      [](const std::int64_t& value) { return milliseconds(value); },
      [](const milliseconds& value) { return value.count(); });
}

inline Kind<std::chrono::seconds> whole_seconds(std::chrono::seconds least,
                                                std::chrono::seconds most) {
  using std::chrono::milliseconds, std::chrono::seconds;
  return converted<seconds, std::int64_t>(
      milliseconds_of_whole_seconds({milliseconds(least).count(), milliseconds(most).count()}),
      [](const std::int64_t& value) {
        return std::chrono::duration_cast<seconds>(milliseconds(value));
      },
      [](const seconds& value) { return milliseconds(value).count(); });
}

} // namespace assay::server
