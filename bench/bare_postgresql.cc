// What PostgreSQL takes from a program that does nothing but send: a claim and a token for each
// row, many rows a statement and a transaction, the next one on its way while the engine works on
// one. The ceiling for any server that keeps its tokens there.
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <libpq-fe.h>

#include "crypto/random.h"

namespace assay::bench {

namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr int kRecordBytes = 120; // about what the server writes for a token
constexpr std::int64_t kEnd = 4'000'000'000'000'000;

struct Options {
  std::string connection;
  std::uint64_t count = 200'000;
  std::uint64_t batch = 512; // as many as the server sends at most
  int depth = 2;             // as many statements as the server has on their way
};

constexpr const char* kTables = R"sql(
DROP SCHEMA IF EXISTS bare CASCADE;
CREATE SCHEMA bare;
CREATE TABLE bare.claims (digest bytea PRIMARY KEY, until bigint NOT NULL);
CREATE TABLE bare.tokens (digest bytea PRIMARY KEY, client_id bytea NOT NULL,
                          expires_at bigint NOT NULL, record bytea NOT NULL);
)sql";

constexpr const char* kInsert = R"sql(
WITH n AS (SELECT * FROM unnest($1::bytea[], $2::bytea[]) AS n(claim, token)),
taken AS (
  INSERT INTO bare.claims (digest, until) SELECT claim, $3::bigint FROM n
  ON CONFLICT DO NOTHING RETURNING digest
)
INSERT INTO bare.tokens (digest, client_id, expires_at, record)
SELECT token, 'application', $3::bigint, $4::bytea FROM n JOIN taken ON taken.digest = n.claim
)sql";

struct Finished {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Cleared {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finished>;
using Result = std::unique_ptr<PGresult, Cleared>;

[[noreturn]] void fail(const Connection& connection) {
  throw std::runtime_error(PQerrorMessage(connection.get()));
}

std::string digests(std::uint64_t count) {
  std::string text = "{";
  for (std::uint64_t i = 0; i < count; ++i)
    text += fmt::format(R"({}"\\x{}")", i == 0 ? "" : ",",
                        crypto::random_hex(kDigestBytes, crypto::secure_random));
  return text + '}';
}

class Pipeline {
public:
  explicit Pipeline(const Options& options)
      : options_(options), connection_(PQconnectdb(options.connection.c_str())) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail(connection_);
    expect(Result(PQexec(connection_.get(), kTables)), PGRES_COMMAND_OK);
    expect(Result(PQprepare(connection_.get(), "insert", kInsert, 0, nullptr)), PGRES_COMMAND_OK);
    if (PQenterPipelineMode(connection_.get()) != 1) fail(connection_);
  }

  void run() {
    const std::uint64_t batches = (options_.count + options_.batch - 1) / options_.batch;
    const auto began = std::chrono::steady_clock::now();
    std::uint64_t sent = 0;
    for (std::uint64_t answered = 0; answered < batches; ++answered) {
      for (; sent < batches && sent < answered + static_cast<std::uint64_t>(options_.depth); ++sent)
        send();
      take_answer();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const std::uint64_t rows = batches * options_.batch;
    fmt::print(R"({{"rows":{},"seconds":{:.3f},"rows_per_second":{:.0f}}})"
               "\n",
               rows, took.count(), static_cast<double>(rows) / took.count());
  }

private:
  void expect(const Result& result, ExecStatusType status) const {
    if (PQresultStatus(result.get()) != status) fail(connection_);
  }

  void send() {
    const std::string claims = digests(options_.batch);
    const std::string tokens = digests(options_.batch);
    const std::string end = std::to_string(kEnd);
    const std::array values{claims.c_str(), tokens.c_str(), end.c_str(), record_.c_str()};
    if (PQsendQueryPrepared(connection_.get(), "insert", static_cast<int>(values.size()),
                            values.data(), nullptr, nullptr, 0) != 1)
      fail(connection_);
    if (PQpipelineSync(connection_.get()) != 1) fail(connection_); // commits
  }

  void take_answer() {
    const Result inserted(PQgetResult(connection_.get()));
    expect(inserted, PGRES_COMMAND_OK);
    if (PQcmdTuples(inserted.get()) != std::to_string(options_.batch))
      throw std::runtime_error("not all rows were inserted");
    if (Result(PQgetResult(connection_.get()))) throw std::runtime_error("one result too many");
    expect(Result(PQgetResult(connection_.get())), PGRES_PIPELINE_SYNC);
  }

  const Options& options_;
  Connection connection_;
  std::string record_ = "\\x" + crypto::random_hex(kRecordBytes, crypto::secure_random);
};

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Inserts claims and tokens into PostgreSQL as fast as it takes them.");
  assay::bench::Options options;
  program.add_option("--connection", options.connection, "as libpq reads it")->required();
  program.add_option("--count", options.count, "rows")->capture_default_str();
  program.add_option("--batch", options.batch, "rows a transaction")->capture_default_str();
  program.add_option("--depth", options.depth, "statements on their way")->capture_default_str();
  CLI11_PARSE(program, argument_count, arguments);
  assay::bench::Pipeline(options).run();
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "bare_postgresql: {}\n", error.what());
  return 1;
}
