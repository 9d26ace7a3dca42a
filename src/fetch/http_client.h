// Outgoing HTTP requests, by libcurl: bounded in time and size, never following a redirect.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace assay::fetch {

struct FetchLimits {
  std::chrono::seconds wait{10};
  std::size_t answer_bytes = std::size_t{1} << 20U;
};

struct FetchRequest {
  std::string url; // http or https
  std::string method = "GET";
  std::vector<std::string> fields{}; // "Name: value"
  std::string body{};
};

struct FetchAnswer {
  long status = 0;
  std::vector<std::pair<std::string, std::string>> fields; // names in lower case
  std::string body;
};

// Why there is no answer: one sentence for a person, without the request's contents.
struct FetchFault {
  std::string what;
};

// Blocks; from any thread that runs no io_context.
std::expected<FetchAnswer, FetchFault> fetch(const FetchRequest& request, FetchLimits limits = {});

} // namespace assay::fetch
