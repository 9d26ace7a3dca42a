// One connection to an SQLite file. All calls throw Unavailable, with SQLite's own words; a
// connection and its statements are for one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace assay::stores {

class SqliteStatement {
public:
  // Binds the next parameter, from the first on.
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(std::int64_t number);
  SqliteStatement& bind_bytes(std::span<const unsigned char> bytes);

  // Makes a statement that has run ready to run again, with parameters to be bound anew.
  SqliteStatement& restart();

  // True: there is a row, whose columns can be read until the next step.
  bool step();

  // For statements that give no rows.
  void run() { step(); }

  bool is_null(int column) const;
  std::string text(int column) const;
  std::int64_t integer(int column) const;

private:
  friend class SqliteDatabase;
  explicit SqliteStatement(sqlite3_stmt* statement);

  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
  int bound_ = 0;
};

class SqliteDatabase {
public:
  static constexpr std::chrono::milliseconds kWaitMax{5000};

  // Opens the file, or makes it with mode 0600, in WAL mode with synchronous=FULL: what is
  // committed survives a power cut. Waits for up to `wait_max` for other writers.
  explicit SqliteDatabase(const std::filesystem::path& file,
                          std::chrono::milliseconds wait_max = kWaitMax);

  SqliteStatement prepare(std::string_view sql) const;
  void execute(const std::string& sql) const; // one statement or more, without parameters

  // How many rows the last statement inserted, changed or deleted.
  std::int64_t changes() const;

  // Brings the schema up to date: each migration runs once, in this order, whoever opens the file.
  // Refuses a file that a newer program has migrated further.
  void migrate(std::span<const std::string_view> migrations) const;

private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

// Writers one after the other from its beginning on (BEGIN IMMEDIATE), undone unless it is
// committed.
class SqliteTransaction {
public:
  explicit SqliteTransaction(const SqliteDatabase& database);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;

  void commit();

private:
  const SqliteDatabase& database_;
  bool open_ = true;
};

} // namespace assay::stores
