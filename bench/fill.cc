// Fills a token store with tokens, through the store's own port: what a server meets that has been
// up for a while. Says how long it took, and how much memory of this process each token took.
#include <cstdint>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/task.h"
#include "crypto/random.h"
#include "stores/open.h"

namespace assay::bench {

namespace {

constexpr std::size_t kRandomBytes = 18;
constexpr std::uint64_t kApplications = 1000;

struct Options {
  std::string store;
  std::string data = ".";
  std::uint64_t count = 1'000'000;
  std::uint64_t life_seconds = 3600;
  std::uint64_t seconds_ago = 0;
  std::size_t at_once = 2048;
  bool with_claims = false;
};

// As a service with the default settings leaves it behind.
oauth::TokenRecord token(std::uint64_t number, TimePoint now, TimePoint expires_at) {
  const std::string text = oauth::TokenLocator::of(now, expires_at).text() +
                           crypto::random_hex(kRandomBytes, crypto::secure_random);
  const std::string client = fmt::format("application-{}", number % kApplications);
  return {.key = oauth::token_key(text),
          .kind = oauth::TokenKind::access,
          .service = "/api/oauth/token",
          .client_id = client,
          .subject = client,
          .scope = "read",
          .audience = "http://apiserver",
          .token_type = "Bearer",
          .granted_at = now,
          .issued_at = now,
          .expires_at = expires_at,
          .family = {},
          .parameters = {}};
}

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

class Filling {
public:
  explicit Filling(const Options& options)
      : options_(options), store_(stores::open_token_store(options.store, options.data)) {}

  void run() {
    const std::uint64_t before = resident_bytes();
    const auto began = std::chrono::steady_clock::now();
    asio::io_context loop(1);
    for (std::size_t i = 0; i < options_.at_once; ++i)
      asio::co_spawn(loop, issue_in_turn(), [](std::exception_ptr fault) {
        if (fault) std::rethrow_exception(fault);
      });
    loop.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print(R"({{"tokens":{},"seconds":{:.3f},"bytes_a_token":{:.1f}}})"
               "\n",
               options_.count, took.count(),
               static_cast<double>(resident_bytes() - before) /
                   static_cast<double>(options_.count));
  }

private:
  Task<void> issue_in_turn() {
    while (next_ < options_.count) {
      const std::uint64_t number = next_++;
      const TimePoint now = system_now() - std::chrono::seconds(options_.seconds_ago);
      const TimePoint end = now + std::chrono::seconds(options_.life_seconds);
      oauth::Issue issue{.access = token(number, now, end), .refresh = {}, .claim = {}};
      if (options_.with_claims)
        issue.claim = oauth::replay_claim("/api/oauth/token", issue.access.client_id,
                                          fmt::format("jti-{}", number), end);
      if (co_await store_.store().issue(std::move(issue), now) != oauth::IssueOutcome::stored)
        throw std::runtime_error("a claim was taken before");
    }
  }

  const Options& options_;
  stores::OpenTokenStore store_;
  std::uint64_t next_ = 0; // of the one thread
};

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Fills a token store with tokens.");
  assay::bench::Options options;
  program.add_option("--store", options.store, "the URL of the token store")->required();
  program.add_option("--data", options.data, "the folder that files are relative to")
      ->capture_default_str();
  program.add_option("--count", options.count)->capture_default_str();
  program.add_option("--life", options.life_seconds, "of each token, in seconds")
      ->capture_default_str();
  program
      .add_option("--ago", options.seconds_ago,
                  "when they were issued; beyond --life, they are over")
      ->capture_default_str();
  program.add_option("--at-once", options.at_once, "calls that wait at the same time")
      ->capture_default_str();
  program.add_flag("--claims", options.with_claims, "with a used assertion for each");
  CLI11_PARSE(program, argument_count, arguments);
  assay::bench::Filling(options).run();
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "fill: {}\n", error.what());
  return 1;
}
