// The load generator: posts prepared token requests to a server on this machine, once each, and
// tells how long the answers took. Fails if a single answer is not a token.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "base/strict_json.h"
#include "bench/closed_loop.h"

namespace assay::bench {

namespace {

struct Options {
  std::uint16_t port = 0;
  std::string path = "/api/oauth/token";
  std::string bodies_file;
  std::size_t first = 0;
  std::size_t count = 0; // 0: all that follow
  std::size_t connections = 64;
  int seconds_max = 60;
};

// Whole HTTP requests, made before the clock starts.
std::vector<std::string> read_requests(const Options& options) {
  std::ifstream file(options.bodies_file);
  if (!file) throw std::runtime_error("cannot read " + options.bodies_file);
  std::vector<std::string> requests;
  std::string body;
  for (std::size_t line = 0; std::getline(file, body); ++line) {
    if (line < options.first) continue;
    if (options.count != 0 && requests.size() == options.count) break;
    requests.push_back(fmt::format("POST {} HTTP/1.1\r\n"
                                   "Host: 127.0.0.1:{}\r\n"
                                   "Content-Type: application/x-www-form-urlencoded\r\n"
                                   "Content-Length: {}\r\n\r\n{}",
                                   options.path, options.port, body.size(), body));
  }
  if (requests.empty() || requests.size() < options.count)
    throw std::runtime_error(options.bodies_file + " has too few bodies");
  return requests;
}

// `sorted` is not empty.
double quantile_ms(const std::vector<std::chrono::nanoseconds>& sorted, double share) {
  const auto rank = std::size_t(std::ceil(share * double(sorted.size())));
  return double(sorted[std::max<std::size_t>(rank, 1) - 1].count()) / 1e6;
}

double process_cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) / 1e3;
}

json::object report(const LoopOutcome& outcome, double own_cpu_us) {
  std::vector<std::chrono::nanoseconds> sorted = outcome.latencies;
  std::ranges::sort(sorted);
  const double requests = double(sorted.size());
  json::object statuses;
  for (const auto& [status, count] : outcome.statuses)
    statuses[status] = count;
  return {{"requests", sorted.size()},
          {"granted", outcome.granted},
          {"statuses", std::move(statuses)},
          {"seconds", double(outcome.elapsed.count()) / 1e9},
          {"requests_per_second", requests * 1e9 / double(outcome.elapsed.count())},
          {"p50_ms", quantile_ms(sorted, 0.5)},
          {"p99_ms", quantile_ms(sorted, 0.99)},
          {"p99_9_ms", quantile_ms(sorted, 0.999)},
          {"answer_bytes", double(outcome.answer_bytes) / requests},
          {"generator_cpu_us", own_cpu_us / requests}};
}

int run(const Options& options) {
  const std::vector<std::string> requests = read_requests(options);
  const double cpu_before = process_cpu_us();
  const LoopOutcome outcome =
      run_closed_loop(requests, {.port = options.port,
                                 .connections = options.connections,
                                 .time_max = std::chrono::seconds(options.seconds_max)});
  fmt::print("{}\n", json::serialize(report(outcome, process_cpu_us() - cpu_before)));
  if (!outcome.first_refusal) return 0;
  fmt::print(stderr, "load: {} of {} requests were refused; the first answer was\n{}\n",
             requests.size() - outcome.granted, requests.size(), *outcome.first_refusal);
  return 1;
}

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Posts prepared token requests to a server on 127.0.0.1, each once.");
  assay::bench::Options options;
  program.add_option("--port", options.port)->required()->check(CLI::Range(1, 65535));
  program.add_option("--path", options.path)->capture_default_str();
  program.add_option("--bodies", options.bodies_file, "one form body a line")->required();
  program.add_option("--first", options.first, "begin with this line, from 0");
  program.add_option("--count", options.count, "how many lines; 0: all that follow");
  program.add_option("--connections", options.connections)
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  program.add_option("--seconds-max", options.seconds_max)
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  CLI11_PARSE(program, argument_count, arguments);
  return assay::bench::run(options);
} catch (const std::exception& error) {
  fmt::print(stderr, "load: {}\n", error.what());
  return 1;
}
