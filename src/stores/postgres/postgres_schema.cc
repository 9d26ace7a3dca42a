#include "stores/postgres/postgres_schema.h"

#include <string>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

// For what a migration changes, others may have to wait: rather none than a long one.
constexpr std::string_view kBegin =
    "BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = 0";

// Two nodes must not make the same table: the second waits, and finds it there. The lock ends with
// the transaction, as one of a session would get lost in a pooler.
constexpr std::string_view kLock =
    "SELECT pg_advisory_xact_lock(hashtextextended('{schema} migrations', 0))";

constexpr std::chrono::milliseconds kMigrationWait{120'000};

bool has_migrations(PostgresSession& session) {
  return session.query("SELECT to_regclass('{schema}.migrations') IS NOT NULL").number(0, 0) != 0;
}

// The rights to make one are asked for even if it is there.
void make_schema(PostgresSession& session) {
  PostgresParameters name;
  name.add_text(session.url().schema());
  if (session.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", name).rows() == 0)
    session.query("CREATE SCHEMA {schema}");
  session.query("CREATE TABLE IF NOT EXISTS {schema}.migrations ("
                "store text NOT NULL, version int NOT NULL, compatible_from int NOT NULL, "
                "applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (store, version))");
}

// Whatever the locale of the database is, our texts are to fit.
void require_unicode(PostgresSession& session) {
  const std::string encoding = session.query("SHOW server_encoding").text(0, 0);
  if (encoding != "UTF8")
    throw_unavailable(session.url(), fmt::format("the encoding of the database is {}, not UTF8: "
                                                 "make one with ENCODING 'UTF8'",
                                                 encoding));
}

void apply(PostgresSession& session, const PostgresSchema& schema, int version) {
  const PostgresMigration& migration = schema.migrations[static_cast<std::size_t>(version) - 1];
  session.execute(std::string(migration.script), kMigrationWait);
  PostgresParameters row;
  row.add_text(schema.store).add(version).add(migration.compatible_from);
  session.query("INSERT INTO {schema}.migrations (store, version, compatible_from) "
                "VALUES ($1, $2, $3)",
                row);
}

// True if there is nothing to do.
bool is_served(const PostgresUrl& url, const PostgresSchema& schema, const SchemaStatus& status) {
  if (status.version < schema.version()) return false;
  if (status.compatible_from > schema.version())
    throw_unavailable(url, fmt::format("the {} are of a newer version of this program ({}, good "
                                       "from {} on; this one knows {}): start that one",
                                       schema.store, status.version, status.compatible_from,
                                       schema.version()));
  return true;
}

} // namespace

SchemaStatus schema_status(PostgresSession& session, const PostgresSchema& schema) {
  if (!has_migrations(session)) return {};
  PostgresParameters store;
  store.add_text(schema.store);
  const auto latest = session.query("SELECT version, compatible_from FROM {schema}.migrations "
                                    "WHERE store = $1 ORDER BY version DESC LIMIT 1",
                                    store);
  if (latest.rows() == 0) return {};
  return {.version = static_cast<int>(latest.number(0, 0)),
          .compatible_from = static_cast<int>(latest.number(0, 1))};
}

void migrate(PostgresSession& session, const PostgresSchema& schema) {
  if (is_served(session.url(), schema, schema_status(session, schema))) return;
  require_unicode(session);
  session.execute(std::string(kBegin));
  session.query(kLock, {}, kMigrationWait);
  make_schema(session);
  // Another node may have been first.
  const SchemaStatus status = schema_status(session, schema);
  if (!is_served(session.url(), schema, status))
    for (int version = status.version + 1; version <= schema.version(); ++version)
      apply(session, schema, version);
  session.execute("COMMIT", kMigrationWait);
}

} // namespace assay::stores
