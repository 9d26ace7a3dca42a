// The audit log: one JSON line a decision, in a file or on standard output.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/task.h"
#include "observe/audit_entry.h"

namespace assay::observe {

// Lines are formatted and written by a thread of its own, in the order of record(). The queue never
// drops: a request takes a Place before it begins, and waits for one when the queue is full; so
// record() cannot fail. What was recorded is handed to the operating system within kWriteEvery:
// killing the process loses at most that much. All calls are thread-safe.
class AuditLog {
public:
  static constexpr std::chrono::milliseconds kWriteEvery{200};
  static constexpr std::size_t kPlaces = 16'384;

  // A promise of room for one line; gives the room back when it dies unused. The log outlives it.
  class Place {
  public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

    // Once.
    void record(AuditEntry entry);

  private:
    friend class AuditLog;
    explicit Place(AuditLog& log) : log_(&log) {}
    AuditLog* log_;
  };

  // "-" is standard output. For files see AuditFile. Throws Unavailable when it cannot be opened.
  AuditLog(const std::filesystem::path& file, std::string node, std::size_t places = kPlaces);

  // Writes what is left; what the file does not take goes to standard error.
  ~AuditLog();

  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // A place at once if there is one, which there is unless the disk is slower than the requests.
  std::optional<Place> try_place();

  // Waits for one.
  Task<Place> place();

  // Writes all that was recorded before the call. Blocks. Throws Unavailable when a write fails;
  // the lines are kept then.
  void flush();

  // False from a failed write on until one succeeds; lines are kept and tried again.
  bool healthy() const;

private:
  class Writer;
  std::unique_ptr<Writer> writer_;
};

} // namespace assay::observe
