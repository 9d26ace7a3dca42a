#include "stores/postgres/postgres_property_store.h"

#include <array>
#include <utility>

namespace assay::stores {

using registry::Property;
using registry::PropertyChange;
using registry::PropertyWrite;
using registry::Version;

namespace {

// The writers of a table take turns, so that versions are seen in their order: else a reader could
// see the second, ask from there on, and never see the first. A row that is erased stays, without
// value. Of equal rights: each write names the version it expects, -1 for any.
constexpr std::array kMigrations{PostgresMigration{R"sql(
CREATE TABLE {schema}.properties (
  table_name text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  value      text,
  version    bigint NOT NULL,
  PRIMARY KEY (table_name, key),
  UNIQUE (table_name, version)
);

CREATE FUNCTION {schema}.apply_properties(in_table text, keys text[], texts text[],
                                          expected bigint[]) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  latest bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('{schema} properties ' || in_table, 0));
  IF EXISTS (
    SELECT FROM unnest(keys, expected) AS w(key, version)
    LEFT JOIN {schema}.properties p
      ON p.table_name = in_table AND p.key = w.key AND p.value IS NOT NULL
    WHERE w.version >= 0 AND w.version <> coalesce(p.version, 0)
  ) THEN
    RETURN false;
  END IF;
  SELECT coalesce(max(p.version), 0) INTO latest
    FROM {schema}.properties p WHERE p.table_name = in_table;
  INSERT INTO {schema}.properties AS p (table_name, key, value, version)
    SELECT in_table, w.key, w.text, latest + w.number
    FROM unnest(keys, texts) WITH ORDINALITY AS w(key, text, number)
    WHERE w.text IS NOT NULL
    ON CONFLICT (table_name, key) DO UPDATE
      SET value = excluded.value, version = excluded.version;
  UPDATE {schema}.properties p SET value = NULL, version = latest + w.number
    FROM unnest(keys, texts) WITH ORDINALITY AS w(key, text, number)
    WHERE w.text IS NULL
      AND p.table_name = in_table AND p.key = w.key AND p.value IS NOT NULL;
  RETURN true;
END $$;
)sql",
                                                   1}};

} // namespace

PostgresSchema PostgresPropertyStore::schema() { return {"registry", kMigrations}; }

PostgresPropertyStore::PostgresPropertyStore(PostgresUrl url) : session_(std::move(url)) {
  migrate(session_, schema());
}

std::optional<Property> PostgresPropertyStore::find(std::string_view table, std::string_view key) {
  PostgresParameters parameters;
  parameters.add_text(table).add_text(key);
  const auto row = session_.query("SELECT value, version FROM {schema}.properties "
                                  "WHERE table_name = $1 AND key = $2 AND value IS NOT NULL",
                                  parameters);
  if (row.rows() == 0) return std::nullopt;
  return Property{std::string(key), row.text(0, 0), static_cast<Version>(row.number(0, 1))};
}

std::vector<PropertyChange> PostgresPropertyStore::changes_since(std::string_view table,
                                                                 Version version) {
  PostgresParameters parameters;
  parameters.add_text(table).add(static_cast<std::int64_t>(version));
  const auto rows = session_.query("SELECT key, value, version FROM {schema}.properties "
                                   "WHERE table_name = $1 AND version > $2 "
                                   "AND ($2 > 0 OR value IS NOT NULL) ORDER BY version",
                                   parameters);
  std::vector<PropertyChange> changes;
  for (int row = 0; row < rows.rows(); ++row) {
    auto& change = changes.emplace_back(rows.text(row, 0), std::nullopt,
                                        static_cast<Version>(rows.number(row, 2)));
    if (!rows.is_null(row, 1)) change.value = rows.text(row, 1);
  }
  return changes;
}

std::vector<std::string> PostgresPropertyStore::tables() {
  const auto rows =
      session_.query("SELECT DISTINCT table_name FROM {schema}.properties WHERE value IS NOT NULL");
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(rows.rows()));
  for (int row = 0; row < rows.rows(); ++row)
    names.push_back(rows.text(row, 0));
  return names;
}

bool PostgresPropertyStore::apply(std::string_view table, std::span<const PropertyWrite> writes) {
  PostgresArray keys(PostgresType::text);
  PostgresArray texts(PostgresType::text);
  PostgresArray expected(PostgresType::number);
  for (const PropertyWrite& write : writes) {
    keys.add(std::string_view(write.key));
    texts.add(write.value);
    expected.add(write.expected ? static_cast<std::int64_t>(*write.expected) : std::int64_t{-1});
  }
  PostgresParameters parameters;
  parameters.add_text(table).add(keys).add(texts).add(expected);
  return session_.query("SELECT {schema}.apply_properties($1, $2, $3, $4)", parameters)
             .number(0, 0) != 0;
}

} // namespace assay::stores
