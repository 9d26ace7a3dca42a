// A store's URL of the form postgresql://..., read once: what libpq is to be told, and what is our
// own.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::stores {

// Whether a pgbouncer in transaction mode stands between. Then nothing may outlive a transaction:
// no prepared statement, no setting of the session, no lock of it.
enum class Pooling { none, transaction };

// A value. Holds the password, if the URL has one: only shown() may be printed.
class PostgresUrl {
public:
  using Options = std::vector<std::pair<std::string, std::string>>;

  static bool has_scheme(std::string_view url);

  // None if libpq cannot read it, or one of our own parameters is wrong:
  //
  //   pooler=transaction    a pgbouncer in transaction mode stands between
  //   schema=NAME           where the tables are; `assay` if it is not there
  static std::optional<PostgresUrl> parse(std::string_view url);

  const std::string& schema() const { return schema_; }
  Pooling pooling() const { return pooling_; }

  // Host, port and database; no password and no parameter.
  const std::string& shown() const { return shown_; }

  // The keywords of a connection, the defaults of ours among them where the URL has none. The
  // engine gives up a statement after that time (0: never); a pooler passes no such setting on.
  Options options(std::chrono::milliseconds statement_wait) const;

  // In it `{schema}` stands for the schema, quoted.
  std::string with_schema(std::string_view sql) const;

private:
  PostgresUrl() = default;

  Options options_;
  std::string schema_ = "assay";
  Pooling pooling_ = Pooling::none;
  std::string shown_;
};

} // namespace assay::stores
