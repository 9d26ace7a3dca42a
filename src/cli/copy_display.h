// How far a copy is, for a person: a bar on a terminal, or else a line every few seconds. And how
// that person stops it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace assay::cli {

// On standard error. While one lives, SIGINT and SIGTERM stop nothing at once: they are noticed at
// the next border of a page. One at a time.
class CopyDisplay {
public:
  CopyDisplay();
  ~CopyDisplay(); // the signals mean again what they meant before
  CopyDisplay(const CopyDisplay&) = delete;
  CopyDisplay& operator=(const CopyDisplay&) = delete;

  void name(std::string_view what) { what_ = what; } // of what is copied from now on

  // As base/copy_tally.h has it.
  bool show(std::string_view phase, std::uint64_t done, std::uint64_t total);

  // Ends the line that a bar stands in.
  void end_line();

private:
  void draw(std::string_view phase, std::uint64_t done, std::uint64_t total);

  std::string what_;
  std::string phase_;
  bool is_terminal_;
  bool in_line_ = false;
  std::chrono::steady_clock::time_point shown_at_;
  std::uint64_t shown_done_ = 0;
};

} // namespace assay::cli
