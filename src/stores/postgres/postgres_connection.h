// A connection of libpq, and the words for what goes wrong with it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <libpq-fe.h>

#include "stores/postgres/postgres_parameters.h"
#include "stores/postgres/postgres_url.h"

namespace assay::stores {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PostgresHandle = std::unique_ptr<PGconn, CloseConnection>;

// Begins to connect; PQconnectPoll() goes on with it. Looks the host's name up, which blocks.
// Throws Unavailable.
PostgresHandle start_connection(const PostgresUrl& url, std::chrono::milliseconds statement_wait);

struct FreeCancel {
  void operator()(PGcancel* cancel) const { PQfreeCancel(cancel); }
};
using CancelHandle = std::unique_ptr<PGcancel, FreeCancel>;

// For a statement that is given up: its process would go on without us, and hold its locks and its
// place; one that waits for a standby for ever. Asks the engine to end it, by a connection of its
// own: blocks. May be called when the connection is closed.
void cancel(PGcancel* statement);

// Reads what has come; the results of statements are among it. Throws Unavailable if the connection
// is gone.
void take_in(PGconn* connection, const PostgresUrl& url);

// The connection's own last words, in one line with what is said of it.
[[noreturn]] void throw_unavailable(const PostgresUrl& url, const std::string& what);
[[noreturn]] void throw_broken(const PostgresUrl& url, PGconn* connection);

// Hands a statement over, unnamed or as it was prepared under that name; its answer is to be in
// binary form. Throws Unavailable.
void send_statement(const PostgresUrl& url, PGconn* connection, const std::string& sql,
                    const PostgresParameters& parameters);
void send_prepared(const PostgresUrl& url, PGconn* connection, const char* name,
                   const PostgresParameters& parameters);

} // namespace assay::stores
