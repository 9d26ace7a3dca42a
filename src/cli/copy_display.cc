#include "cli/copy_display.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

namespace assay::cli {

namespace {

constexpr std::array kSignals{SIGINT, SIGTERM};
constexpr std::chrono::milliseconds kBarPause{100};
constexpr std::chrono::seconds kLinePause{5};
constexpr std::uint64_t kBarWidth = 30;

std::atomic<bool> is_stopping = false;

void stop(int) { is_stopping = true; }

std::string bar_of(std::uint64_t done, std::uint64_t total) {
  const std::uint64_t full = kBarWidth * std::min(done, total) / total;
  return fmt::format("[{:#<{}}{:.<{}}] {:3} %", "", full, "", kBarWidth - full,
                     100 * std::min(done, total) / total);
}

} // namespace

CopyDisplay::CopyDisplay() : is_terminal_(::isatty(STDERR_FILENO) == 1) {
  is_stopping = false;
  for (const int signal : kSignals)
    std::signal(signal, stop);
}

CopyDisplay::~CopyDisplay() {
  end_line();
  for (const int signal : kSignals)
    std::signal(signal, SIG_DFL);
}

bool CopyDisplay::show(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_new = phase != phase_;
  if (is_new) end_line();
  const std::chrono::milliseconds pause = is_terminal_ ? kBarPause : kLinePause;
  const bool is_end = done == total && done != shown_done_;
  if (is_new || is_end || now - shown_at_ >= pause) {
    phase_ = phase;
    shown_at_ = now;
    shown_done_ = done;
    draw(phase, done, total);
  }
  return !is_stopping;
}

void CopyDisplay::draw(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  std::string text = fmt::format("{}: {}", what_, phase);
  if (total > 0)
    text += fmt::format(" {} {} of {}", bar_of(done, total), done, std::max(done, total));
  else if (done > 0)
    text += fmt::format(" {}", done);
  // To the end of the line: what stood there before was longer, perhaps.
  fmt::print(stderr, "{}{}{}", is_terminal_ ? "\r" : "", text, is_terminal_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  in_line_ = is_terminal_;
}

void CopyDisplay::end_line() {
  if (in_line_) fmt::print(stderr, "\n");
  in_line_ = false;
}

} // namespace assay::cli
