#include "stores/postgres/postgres_connection.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

constexpr int kBinary = 1;

// Warnings of the engine are for its own log.
void hear_nothing(void*, const PGresult*) {}

} // namespace

PostgresHandle start_connection(const PostgresUrl& url, std::chrono::milliseconds statement_wait) {
  const auto options = url.options(statement_wait);
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : options) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  PostgresHandle connection(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (!connection) throw_unavailable(url, "out of memory");
  if (PQstatus(connection.get()) == CONNECTION_BAD) throw_broken(url, connection.get());
  PQsetNoticeReceiver(connection.get(), hear_nothing, nullptr);
  return connection;
}

void cancel(PGcancel* statement) {
  constexpr int kFaultBytes = 256;
  std::array<char, kFaultBytes> ignored{};
  PQcancel(statement, ignored.data(), kFaultBytes);
}

void take_in(PGconn* connection, const PostgresUrl& url) {
  if (PQconsumeInput(connection) == 0 || PQstatus(connection) != CONNECTION_OK)
    throw_broken(url, connection);
}

void throw_unavailable(const PostgresUrl& url, const std::string& what) {
  throw Unavailable(fmt::format("{}: {}", url.shown(), what));
}

void throw_broken(const PostgresUrl& url, PGconn* connection) {
  std::string said = PQerrorMessage(connection);
  while (!said.empty() && said.back() == '\n')
    said.pop_back();
  std::ranges::replace(said, '\n', ' ');
  throw_unavailable(url, said.empty() ? "the connection broke" : said);
}

void send_statement(const PostgresUrl& url, PGconn* connection, const std::string& sql,
                    const PostgresParameters& parameters) {
  const auto values = parameters.values();
  const auto lengths = parameters.lengths();
  const auto formats = parameters.formats();
  if (PQsendQueryParams(connection, sql.c_str(), parameters.count(), parameters.types(),
                        values.data(), lengths.data(), formats.data(), kBinary) == 0)
    throw_broken(url, connection);
}

void send_prepared(const PostgresUrl& url, PGconn* connection, const char* name,
                   const PostgresParameters& parameters) {
  const auto values = parameters.values();
  const auto lengths = parameters.lengths();
  const auto formats = parameters.formats();
  if (PQsendQueryPrepared(connection, name, parameters.count(), values.data(), lengths.data(),
                          formats.data(), kBinary) == 0)
    throw_broken(url, connection);
}

} // namespace assay::stores
