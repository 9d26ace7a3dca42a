#include "observe/audit_log.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/assert.h"
#include "base/unavailable.h"
#include "observe/audit_file.h"

namespace assay::observe {

namespace {

// Where the line begins that has the byte at `position`, or would have it.
std::size_t start_of_line(std::string_view text, std::size_t position) {
  return position == 0 ? 0 : text.rfind('\n', position - 1) + 1;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

} // namespace

class AuditLog::Writer {
public:
  Writer(const std::filesystem::path& file, std::string node, std::size_t places);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  bool take_place();
  void give_back(std::size_t places) { free_places_.fetch_add(places, std::memory_order_relaxed); }
  void record(AuditEntry entry);
  void flush();
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

private:
  void run();
  bool is_due() const;
  void format(std::vector<AuditEntry>& batch);
  bool write_lines();

  AuditFile file_;
  const std::string node_;
  // Waking a thread costs more than a line does: that is done for a good part of the queue only.
  const std::size_t wake_at_;
  std::atomic<std::size_t> free_places_;
  std::atomic<bool> healthy_{true};

  std::mutex mutex_;
  std::condition_variable due_;
  std::condition_variable progress_;
  std::vector<AuditEntry> queue_;
  std::uint64_t recorded_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t flush_until_ = 0; // a count of lines, as the three above
  bool stopping_ = false;

  // The thread's own: the lines that are being written, how many, and how many bytes of them are.
  std::string lines_;
  std::size_t line_count_ = 0;
  std::size_t bytes_written_ = 0;

  std::thread thread_;
};

AuditLog::Writer::Writer(const std::filesystem::path& file, std::string node, std::size_t places)
    : file_(file), node_(std::move(node)), wake_at_(std::max<std::size_t>(1, places / 4)),
      free_places_(places), thread_([this] { run(); }) {
  ASSAY_ASSERT(places > 0, "room for a line");
}

AuditLog::Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  due_.notify_one();
  thread_.join();
  format(queue_);
  print(std::string_view(lines_).substr(start_of_line(lines_, bytes_written_)));
}

bool AuditLog::Writer::take_place() {
  std::size_t free = free_places_.load(std::memory_order_relaxed);
  while (free > 0) {
    if (free_places_.compare_exchange_weak(free, free - 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void AuditLog::Writer::record(AuditEntry entry) {
  bool crowded = false;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(entry));
    ++recorded_;
    crowded = queue_.size() == wake_at_;
  }
  if (crowded) due_.notify_one();
}

void AuditLog::Writer::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t until = recorded_;
  const std::uint64_t failures = failures_;
  flush_until_ = until;
  due_.notify_one();
  progress_.wait(lock, [&] { return written_ >= until || failures_ != failures; });
  if (written_ < until) throw Unavailable("the audit log cannot be written");
}

bool AuditLog::Writer::is_due() const {
  return stopping_ || flush_until_ > written_ || (healthy() && queue_.size() >= wake_at_);
}

void AuditLog::Writer::run() {
  // Signals are for the threads that wait for them; and a standard output that nobody reads any
  // more is a failed write, not the end of the process.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);

  std::vector<AuditEntry> batch;
  std::unique_lock lock(mutex_);
  while (!stopping_ || written_ < recorded_) {
    due_.wait_for(lock, kWriteEvery, [this] { return is_due(); });
    // What failed before goes first, and the queue waits for its turn.
    if (lines_.empty()) batch.swap(queue_);
    const bool last_chance = stopping_;

    lock.unlock();
    format(batch);
    const bool done = write_lines();
    lock.lock();

    if (done) {
      written_ += std::exchange(line_count_, 0);
    } else {
      ++failures_;
      flush_until_ = 0; // who waited for it is told of the failure
    }
    progress_.notify_all();
    if (!done && last_chance) return;
  }
}

void AuditLog::Writer::format(std::vector<AuditEntry>& batch) {
  for (const AuditEntry& entry : batch) {
    lines_ += to_line(entry, node_);
    lines_ += '\n';
  }
  line_count_ += batch.size();
  batch.clear();
}

bool AuditLog::Writer::write_lines() {
  if (lines_.empty()) return true;
  try {
    // A line that is half in the old file is written whole to the new one.
    if (file_.follow()) bytes_written_ = start_of_line(lines_, bytes_written_);
    bytes_written_ += file_.append(std::string_view(lines_).substr(bytes_written_));
  } catch (const Unavailable&) {
    healthy_.store(false, std::memory_order_relaxed);
    return false;
  }
  const bool done = bytes_written_ == lines_.size();
  healthy_.store(done, std::memory_order_relaxed);
  if (!done) return false;

  lines_.clear();
  bytes_written_ = 0;
  give_back(line_count_);
  return true;
}

AuditLog::Place::Place(Place&& other) noexcept : log_(std::exchange(other.log_, nullptr)) {}

AuditLog::Place::~Place() {
  if (log_ != nullptr) log_->writer_->give_back(1);
}

void AuditLog::Place::record(AuditEntry entry) {
  ASSAY_ASSERT(log_ != nullptr, "one line a place");
  std::exchange(log_, nullptr)->writer_->record(std::move(entry));
}

AuditLog::AuditLog(const std::filesystem::path& file, std::string node, std::size_t places)
    : writer_(std::make_unique<Writer>(file, std::move(node), places)) {}

AuditLog::~AuditLog() = default;

std::optional<AuditLog::Place> AuditLog::try_place() {
  if (!writer_->take_place()) return std::nullopt;
  return Place(*this);
}

Task<AuditLog::Place> AuditLog::place() {
  using namespace std::chrono_literals;
  constexpr auto kLongestPause = 64ms;
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  // Pauses grow, so that the requests that wait for a full disk leave the processor alone.
  for (auto pause = 1ms;; pause = std::min(2 * pause, kLongestPause)) {
    if (auto place = try_place()) co_return std::move(*place);
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

void AuditLog::flush() { writer_->flush(); }

bool AuditLog::healthy() const { return writer_->healthy(); }

} // namespace assay::observe
