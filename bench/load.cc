// The load generator: sends prepared requests to a server on this machine, once each, and tells how
// long the answers took. Fails if a single answer is not what was asked for.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "base/strict_json.h"
#include "bench/closed_loop.h"
#include "bench/http_message.h"

namespace assay::bench {

namespace {

struct Options {
  std::uint16_t port = 0;
  std::string requests_file;
  std::string expected;
  std::string answers_file;
  std::size_t first = 0;
  std::size_t count = 0; // 0: all that follow
  std::size_t connections = 64;
  int seconds_max = 60;
  bool tls = false;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All in memory before the clock starts.
std::vector<std::string> read_requests(const Options& options) {
  const std::string text = read_file(options.requests_file);
  std::string_view rest = text;
  std::vector<std::string> requests;
  for (std::size_t number = 0; !rest.empty(); ++number) {
    if (options.count != 0 && requests.size() == options.count) break;
    const auto size = whole_message(rest);
    if (!size) throw std::runtime_error(options.requests_file + " ends within a request");
    if (number >= options.first) requests.emplace_back(rest.substr(0, size->total()));
    rest.remove_prefix(size->total());
  }
  if (requests.empty() || requests.size() < options.count)
    throw std::runtime_error(options.requests_file + " has too few requests");
  return requests;
}

void write_lines(const std::string& path, const std::vector<std::string>& lines) {
  std::ofstream file(path, std::ios::trunc);
  for (const std::string& line : lines)
    file << line << '\n';
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
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
                                 .expected = options.expected,
                                 .tls = options.tls,
                                 .keep_bodies = !options.answers_file.empty(),
                                 .connections = options.connections,
                                 .time_max = std::chrono::seconds(options.seconds_max)});
  fmt::print("{}\n", json::serialize(report(outcome, process_cpu_us() - cpu_before)));
  if (!options.answers_file.empty()) write_lines(options.answers_file, outcome.bodies);
  if (!outcome.first_refusal) return 0;
  fmt::print(stderr, "load: {} of {} requests were refused; the first answer was\n{}\n",
             requests.size() - outcome.granted, requests.size(), *outcome.first_refusal);
  return 1;
}

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Sends prepared requests to a server on 127.0.0.1, each once.");
  assay::bench::Options options;
  program.add_option("--port", options.port)->required()->check(CLI::Range(1, 65535));
  program
      .add_option("--requests", options.requests_file,
                  "whole HTTP/1.1 requests, one behind the other, each with its Content-Length")
      ->required();
  program.add_option("--expect", options.expected, "what an answer has in it, beside status 200")
      ->required();
  program.add_option("--answers", options.answers_file, "where the answers' bodies go, one a line");
  program.add_option("--first", options.first, "begin with this request, from 0");
  program.add_option("--count", options.count, "how many requests; 0: all that follow");
  program.add_option("--connections", options.connections)
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  program.add_flag("--tls", options.tls, "over TLS 1.3, whatever certificate the server has");
  program.add_option("--seconds-max", options.seconds_max)
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  CLI11_PARSE(program, argument_count, arguments);
  return assay::bench::run(options);
} catch (const std::exception& error) {
  fmt::print(stderr, "load: {}\n", error.what());
  return 1;
}
