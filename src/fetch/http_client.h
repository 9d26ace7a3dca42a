// Outgoing HTTP requests, by libcurl: bounded in time and size, never following a redirect.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "fetch/address_rule.h"

namespace assay::fetch {

struct FetchLimits {
  std::chrono::milliseconds wait = std::chrono::seconds(10); // all in all
  std::size_t answer_bytes = std::size_t{1} << 20U;          // of the body
};

struct FetchRequest {
  std::string url; // http or https
  std::string method = "GET";
  std::vector<std::string> fields{}; // "Name: value"
  std::string body{};
  std::string ca{}; // PEM: who signed the host's certificate; empty: whom the system trusts

  // For a URL that somebody else chose: HTTPS alone, and only to addresses that the rule lets pass.
  // No proxy either, as then the proxy would choose the address. None: anywhere. Outlives the call.
  const AddressRule* guard = nullptr;
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

using FetchResult = std::expected<FetchAnswer, FetchFault>;

// Blocks; from any thread that runs no io_context.
FetchResult fetch(const FetchRequest& request, FetchLimits limits = {});

} // namespace assay::fetch
