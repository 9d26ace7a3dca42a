// The tables and functions in a PostgreSQL database: numbered migrations, each once and forward.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "stores/postgres/postgres_session.h"

namespace assay::stores {

// Its number is its place in the list, from 1 on. What was released is not edited: another one
// follows.
struct PostgresMigration {
  std::string_view script; // in it `{schema}` stands for the schema
  // The oldest program that works with the database from then on: nodes of it go on serving while
  // the others are exchanged.
  int compatible_from;
};

// Of one store: what its tables are listed under, and how they came to be.
struct PostgresSchema {
  std::string_view store;
  std::span<const PostgresMigration> migrations;

  int version() const { return static_cast<int>(migrations.size()); }
};

struct SchemaStatus {
  int version = 0; // of the database; 0: there is nothing yet
  int compatible_from = 0;
};

SchemaStatus schema_status(PostgresSession& session, const PostgresSchema& schema);

// Brings the database up to this program's version, or leaves it if it is newer and marked as
// compatible. Of many nodes that call it, one at a time does. Throws Unavailable with a sentence
// for the operator: also for a database that is too new.
void migrate(PostgresSession& session, const PostgresSchema& schema);

} // namespace assay::stores
