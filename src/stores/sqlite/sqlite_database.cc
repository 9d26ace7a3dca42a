#include "stores/sqlite/sqlite_database.h"

#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/unavailable.h"
#include "stores/file/durable_file.h"

namespace assay::stores {

namespace {

constexpr std::chrono::milliseconds kNap{1};

[[noreturn]] void throw_unavailable(sqlite3* connection) {
  const char* file = sqlite3_db_filename(connection, "main");
  throw Unavailable(fmt::format("{}: {} ({})", file ? file : "SQLite", sqlite3_errmsg(connection),
                                sqlite3_extended_errcode(connection)));
}

void expect_ok(int outcome, sqlite3* connection) {
  if (outcome != SQLITE_OK) throw_unavailable(connection);
}

// SQLite would make the file readable for all. Its WAL takes over mode and owner.
void make_private(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) create_private_file(file, ExistingContent::kept);
}

// Otherwise each allocation of SQLite's takes a lock that all connections share, to count the
// bytes: 6% of the instructions of a grant.
void count_no_bytes() {
  [[maybe_unused]] static const int outcome = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
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
  expect_ok(sqlite3_bind_text64(statement_.get(), ++bound_, bytes, text.size(), SQLITE_STATIC,
                                SQLITE_UTF8),
            sqlite3_db_handle(statement_.get()));
  return *this;
}

SqliteStatement& SqliteStatement::bind(std::int64_t number) {
  expect_ok(sqlite3_bind_int64(statement_.get(), ++bound_, number),
            sqlite3_db_handle(statement_.get()));
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(std::span<const unsigned char> bytes) {
  static constexpr unsigned char kNothing = 0;
  expect_ok(sqlite3_bind_blob64(statement_.get(), ++bound_,
                                bytes.empty() ? &kNothing : bytes.data(), bytes.size(),
                                SQLITE_STATIC),
            sqlite3_db_handle(statement_.get()));
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

std::int64_t SqliteStatement::run() {
  step();
  return sqlite3_changes64(sqlite3_db_handle(statement_.get()));
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string SqliteStatement::text(int column) const {
  const auto content = bytes(column);
  return {content.begin(), content.end()};
}

std::span<const unsigned char> SqliteStatement::bytes(int column) const {
  const void* content = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const unsigned char*>(content), static_cast<std::size_t>(size)};
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

struct SqliteDatabase::State {
  int naps_max;
  SqliteLog log;
};

void SqliteDatabase::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

SqliteDatabase::SqliteDatabase(const std::filesystem::path& file,
                               std::chrono::milliseconds wait_max, MissingFile missing)
    : state_(std::make_unique<State>(static_cast<int>(wait_max / kNap), SqliteLog())) {
  count_no_bytes();
  if (missing == MissingFile::made) make_private(file);
  sqlite3* opened = nullptr;
  const int outcome =
      sqlite3_open_v2(file.c_str(), &opened,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection_.reset(opened);
  if (outcome != SQLITE_OK)
    throw Unavailable(fmt::format("{}: {}", file.native(), sqlite3_errstr(outcome)));

  // SQLite's own waiting sleeps for up to 100 ms at a time, in which the lock comes and goes.
  const auto nap = [](void* state, int naps) {
    if (naps >= static_cast<const State*>(state)->naps_max) return 0;
    std::this_thread::sleep_for(kNap);
    return 1;
  };
  sqlite3_busy_handler(connection_.get(), nap, state_.get());
  execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF");
}

SqliteDatabase::~SqliteDatabase() = default;

SqliteStatement SqliteDatabase::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  expect_ok(sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                               &statement, nullptr),
            connection_.get());
  return SqliteStatement(statement);
}

void SqliteDatabase::execute(const std::string& sql) const {
  expect_ok(sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr),
            connection_.get());
}

void SqliteDatabase::migrate(const SqliteSchema& schema) const {
  const char* file = sqlite3_db_filename(connection_.get(), "main");
  const auto wanted = static_cast<std::int64_t>(schema.migrations.size());
  const auto done_so_far = [&] {
    const std::int64_t done = version();
    const std::int64_t owner = number_from(prepare("PRAGMA application_id"));
    if (done > 0 && owner != schema.application_id)
      throw Unavailable(fmt::format("{}: is the file of another store", file));
    if (done > wanted)
      throw Unavailable(fmt::format(
          "{}: made by a newer version of this program (schema {}, not {})", file, done, wanted));
    return done;
  };
  if (done_so_far() == wanted) return;

  // Asked once more under the lock: another process may have migrated the file just now.
  SqliteTransaction transaction(*this);
  const auto done = static_cast<std::size_t>(done_so_far());
  for (const std::string_view sql : schema.migrations.subspan(done))
    execute(std::string(sql));
  execute(fmt::format("PRAGMA user_version={}; PRAGMA application_id={}", wanted,
                      schema.application_id));
  transaction.commit();
}

std::int64_t SqliteDatabase::version() const { return number_from(prepare("PRAGMA user_version")); }

void SqliteDatabase::take_over_checkpoints() {
  const auto note = [](void* state, sqlite3*, const char*, int pages) {
    SqliteLog& log = static_cast<State*>(state)->log;
    log = {.pages = pages, .commits = log.commits + 1};
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_.get(), note, state_.get());
}

SqliteLog SqliteDatabase::log() const { return state_->log; }

void SqliteDatabase::checkpoint() const {
  expect_ok(sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                      nullptr, nullptr),
            connection_.get());
}

// Kept: to parse them would cost a reader as much as its look-up.
void SqliteDatabase::run(Control control) const {
  static constexpr std::array<std::string_view, kControls> kSql{"BEGIN", "BEGIN IMMEDIATE",
                                                                "COMMIT", "ROLLBACK"};
  const auto slot = static_cast<std::size_t>(control);
  auto& statement = controls_[slot];
  if (!statement) statement = prepare(kSql[slot]);
  const SqliteRows none(*statement);
  statement->run();
}

void SqliteDatabase::run_anyway(Control control) const noexcept {
  try {
    run(control);
  } catch (const Unavailable&) { // NOLINT(bugprone-empty-catch)
    // Some errors roll back by themselves; whatever it was, nothing is committed.
  }
}

SqliteTransaction::SqliteTransaction(const SqliteDatabase& database) : database_(database) {
  database_.run(SqliteDatabase::Control::begin_immediate);
}

SqliteTransaction::~SqliteTransaction() {
  if (open_) database_.run_anyway(SqliteDatabase::Control::rollback);
}

void SqliteTransaction::commit() {
  database_.run(SqliteDatabase::Control::commit);
  open_ = false;
}

SqliteSnapshot::SqliteSnapshot(const SqliteDatabase& database) : database_(database) {
  database_.run(SqliteDatabase::Control::begin);
}

SqliteSnapshot::~SqliteSnapshot() { database_.run_anyway(SqliteDatabase::Control::rollback); }

} // namespace assay::stores
