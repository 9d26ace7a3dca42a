// One connection to an SQLite file. All calls throw Unavailable, with SQLite's own words; a
// connection and its statements are for one thread at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace assay::stores {

class SqliteStatement {
public:
  // Binds the next parameter, from the first on. Texts and bytes are not copied: they stay where
  // they are until the statement has run.
  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(std::int64_t number);
  SqliteStatement& bind_bytes(std::span<const unsigned char> bytes);

  // Makes a statement that has run ready to run again, with parameters to be bound anew.
  SqliteStatement& restart();

  // True: there is a row, whose columns can be read until the next step.
  bool step();

  // For statements that give no rows. Gives how many an INSERT, UPDATE or DELETE concerned.
  std::int64_t run();

  bool is_null(int column) const;
  std::string text(int column) const;
  std::span<const unsigned char> bytes(int column) const; // until the next step
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

// Restarts a kept statement once its rows are read: one that has not come to its end would hold its
// snapshot, and its tables, for ever.
class SqliteRows {
public:
  explicit SqliteRows(SqliteStatement& statement) : statement_(statement) {}
  ~SqliteRows() { statement_.restart(); }
  SqliteRows(const SqliteRows&) = delete;
  SqliteRows& operator=(const SqliteRows&) = delete;

private:
  SqliteStatement& statement_;
};

// What a file is for, and how it came to its tables.
struct SqliteSchema {
  std::int32_t application_id; // tells the files of one store from those of another
  std::span<const std::string_view> migrations;
};

// The write-ahead log, as of this connection's last commit that had something to write.
struct SqliteLog {
  int pages = 0;
  std::uint64_t commits = 0; // this connection's, with something to write
};

enum class MissingFile { made, refused };

class SqliteDatabase {
public:
  static constexpr std::chrono::milliseconds kWaitMax{5000};

  // Opens the file, or makes it with mode 0600, in WAL mode with synchronous=FULL: what is
  // committed survives a power cut. Waits for up to `wait_max` for other writers.
  explicit SqliteDatabase(const std::filesystem::path& file,
                          std::chrono::milliseconds wait_max = kWaitMax,
                          MissingFile missing = MissingFile::made);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  SqliteStatement prepare(std::string_view sql) const;
  void execute(const std::string& sql) const; // one statement or more, without parameters

  // Brings the schema up to date: each migration runs once, in this order, whoever opens the file.
  // Refuses a file that a newer program has migrated further, and one of another store.
  void migrate(const SqliteSchema& schema) const;
  std::int64_t version() const; // how many migrations it has seen

  // From then on nothing is copied from the write-ahead log into the file but by checkpoint().
  void take_over_checkpoints();
  SqliteLog log() const;

  // Copies what no reader's snapshot forbids; waits for nobody.
  void checkpoint() const;

private:
  friend class SqliteTransaction;
  friend class SqliteSnapshot;
  enum class Control : std::size_t { begin, begin_immediate, commit, rollback };
  static constexpr std::size_t kControls = 4;
  struct State; // what SQLite calls back with: stays where it is
  struct Close {
    void operator()(sqlite3* connection) const;
  };

  void run(Control control) const;
  void run_anyway(Control control) const noexcept;

  std::unique_ptr<State> state_;
  std::unique_ptr<sqlite3, Close> connection_;
  mutable std::array<std::optional<SqliteStatement>, kControls> controls_;
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

// What is read while it lives is the file at one moment.
class SqliteSnapshot {
public:
  explicit SqliteSnapshot(const SqliteDatabase& database);
  ~SqliteSnapshot();
  SqliteSnapshot(const SqliteSnapshot&) = delete;
  SqliteSnapshot& operator=(const SqliteSnapshot&) = delete;

private:
  const SqliteDatabase& database_;
};

} // namespace assay::stores
