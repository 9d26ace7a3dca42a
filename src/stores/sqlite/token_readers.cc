#include "stores/sqlite/token_readers.h"

#include <chrono>

#include <fmt/format.h>

namespace assay::stores {

namespace {

// A request's thread has others to serve: who is kept waiting asks the writer's thread instead.
constexpr std::chrono::milliseconds kNoWait{0};

// Where nobody writes, some 30,000 tokens: a page that is not in it is a system call away. It grows
// as it is used.
constexpr int kCacheKibibytes = 8 * 1024;

} // namespace

std::unique_ptr<TokenConnection> TokenReaders::borrow(std::uint64_t generation) {
  std::vector<std::unique_ptr<TokenConnection>> outdated;
  {
    const std::lock_guard lock(mutex_);
    if (generation > generation_) {
      generation_ = generation;
      outdated.swap(idle_);
    }
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto connection = std::make_unique<TokenConnection>(file_, kNoWait, MissingFile::refused);
  connection->database.execute(fmt::format("PRAGMA cache_size=-{}", kCacheKibibytes));
  return connection;
}

void TokenReaders::give_back(std::uint64_t generation,
                             std::unique_ptr<TokenConnection> connection) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_) idle_.push_back(std::move(connection));
}

} // namespace assay::stores
