// The note in a store that somebody copies into it, and that the copy is not finished.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace assay {

// As long as it is there no server starts on that store: what it would do there, the next pass
// could undo.
struct CopyMark {
  std::string from;       // which store, without any password
  TimePoint copied_until; // nothing that was issued later was copied yet

  std::string text() const;

  // None for anything else than text() makes.
  static std::optional<CopyMark> parse(std::string_view text);
};

} // namespace assay
