// A closed loop: each of N kept-alive connections has one request in flight, and sends the next as
// soon as the answer is there. One thread, no more work a request than finding the answer's end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay::bench {

struct LoopSettings {
  std::uint16_t port;       // on 127.0.0.1
  std::string expected;     // what a granted answer has in its header or its body
  bool tls = false;         // of a server with TLS
  bool keep_bodies = false; // costs memory, and the generator's time
  std::size_t connections = 64;
  std::chrono::seconds time_max{60};
};

struct LoopOutcome {
  std::chrono::nanoseconds elapsed{};              // from the first request to the last answer
  std::vector<std::chrono::nanoseconds> latencies; // of all answers, in the order of arrival
  std::map<std::string, std::size_t> statuses;
  std::size_t granted = 0;
  std::size_t answer_bytes = 0;             // of all answers, headers included
  std::optional<std::string> first_refusal; // the whole first answer that is no grant
  std::vector<std::string> bodies;          // if asked for, in the order of arrival
};

// Sends each request once. An answer counts as granted only if its status is 200 and it has what is
// expected in it. Throws when a connection breaks, or when `time_max` is over before the last
// answer: a part of a run is no result.
LoopOutcome run_closed_loop(std::span<const std::string> requests, const LoopSettings& settings);

} // namespace assay::bench
