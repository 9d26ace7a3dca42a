// Connections that look tokens up where they are asked for: a WAL reader waits for no writer, and
// what it looks up is nearly always in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/unavailable.h"
#include "stores/sqlite/token_connection.h"

namespace assay::stores {

// Thread-safe. There are as many connections as were ever needed at the same time: as look-ups do
// not wait, no more than there are threads.
class TokenReaders {
public:
  explicit TokenReaders(std::filesystem::path file) : file_(std::move(file)) {}

  // What `look` gives, all of it seen at one moment; none if the file cannot be read just now.
  // Connections that were opened for another `generation` of the file are closed.
  template <class Look>
  auto try_read(std::uint64_t generation, Look look)
      -> std::optional<decltype(look(std::declval<TokenTables&>()))> {
    try {
      auto connection = borrow(generation);
      auto seen = [&] {
        const SqliteSnapshot snapshot(connection->database);
        connection->tables.look_again();
        return look(connection->tables);
      }();
      give_back(generation, std::move(connection));
      return seen;
    } catch (const Unavailable&) {
      return std::nullopt; // the connection that failed is closed
    }
  }

private:
  std::unique_ptr<TokenConnection> borrow(std::uint64_t generation);
  void give_back(std::uint64_t generation, std::unique_ptr<TokenConnection> connection);

  std::filesystem::path file_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;
  std::vector<std::unique_ptr<TokenConnection>> idle_;
};

} // namespace assay::stores
