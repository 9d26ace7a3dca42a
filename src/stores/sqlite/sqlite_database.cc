#include "stores/sqlite/sqlite_database.h"

#include <chrono>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/unavailable.h"
#include "stores/file/durable_file.h"

namespace assay::stores {

namespace {

[[noreturn]] void throw_unavailable(sqlite3* connection) {
  const char* file = sqlite3_db_filename(connection, "main");
  throw Unavailable(fmt::format("{}: {} ({})", file ? file : "SQLite", sqlite3_errmsg(connection),
                                sqlite3_extended_errcode(connection)));
}

// SQLite would make the file readable for all. Its WAL takes over mode and owner.
void make_private(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) create_private_file(file, ExistingContent::kept);
}

std::int64_t number_from(SqliteStatement statement) {
  statement.step();
  return statement.integer(0);
}

} // namespace

void SqliteStatement::Finalise::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = text.empty() ? "" : text.data();
  if (sqlite3_bind_text64(statement_.get(), ++bound_, bytes, text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK)
    throw_unavailable(sqlite3_db_handle(statement_.get()));
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t number) {
  if (sqlite3_bind_int64(statement_.get(), ++bound_, number) != SQLITE_OK)
    throw_unavailable(sqlite3_db_handle(statement_.get()));
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(std::span<const unsigned char> bytes) {
  if (sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(),
                          SQLITE_TRANSIENT) != SQLITE_OK)
    throw_unavailable(sqlite3_db_handle(statement_.get()));
  return *this;
}

SqliteStatement& SqliteStatement::restart() {
  // Its code repeats that of the last run, which was reported then.
  sqlite3_reset(statement_.get());
  bound_ = 0;
  return *this;
}

bool SqliteStatement::step() {
  const int outcome = sqlite3_step(statement_.get());
  if (outcome == SQLITE_ROW) return true;
  if (outcome == SQLITE_DONE) return false;
  throw_unavailable(sqlite3_db_handle(statement_.get()));
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string SqliteStatement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes ? std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)) : "";
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void SqliteDatabase::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file,
                               std::chrono::milliseconds wait_max) {
  make_private(file);
  sqlite3* opened = nullptr;
  const int outcome =
      sqlite3_open_v2(file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection_.reset(opened);
  if (outcome != SQLITE_OK)
    throw Unavailable(fmt::format("{}: {}", file.native(), sqlite3_errstr(outcome)));
  sqlite3_busy_timeout(connection_.get(), static_cast<int>(wait_max.count()));
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF");
}

SqliteStatement SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK)
    throw_unavailable(connection_.get());
  return SqliteStatement(statement);
}

void SqliteDatabase::execute(const std::string& sql) const {
  if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw_unavailable(connection_.get());
}

std::int64_t SqliteDatabase::changes() const { return sqlite3_changes64(connection_.get()); }

void SqliteDatabase::migrate(std::span<const std::string_view> migrations) const {
  const auto wanted = static_cast<std::int64_t>(migrations.size());
  if (number_from(prepare("PRAGMA user_version")) == wanted) return;

  // Asked once more under the lock: another process may have migrated the file just now.
  SqliteTransaction transaction(*this);
  const std::int64_t done = number_from(prepare("PRAGMA user_version"));
  if (done > wanted) {
    throw Unavailable(fmt::format("{}: made by a newer version of this program (schema {}, not {})",
                                  sqlite3_db_filename(connection_.get(), "main"), done, wanted));
  }
  for (const std::string_view sql : migrations.subspan(static_cast<std::size_t>(done)))
    execute(std::string(sql));
  execute(fmt::format("PRAGMA user_version={}", wanted));
  transaction.commit();
}

SqliteTransaction::SqliteTransaction(const SqliteDatabase& database) : database_(database) {
  database_.execute("BEGIN IMMEDIATE");
}

SqliteTransaction::~SqliteTransaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const Unavailable&) { // NOLINT(bugprone-empty-catch)
    // Some errors roll back by themselves; whatever it was, nothing is committed.
  }
}

void SqliteTransaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

} // namespace assay::stores
