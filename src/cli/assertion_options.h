// What an assertion shall say: the options of `jwt sign` and `token request`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/clock.h"

namespace assay::cli {

struct AssertionOptions {
  std::string key_file;
  std::string issuer;
  std::vector<std::string> audiences;
  std::optional<std::string> subject, scope, algorithm, key_id;
  long long lifetime = 120; // seconds
  bool without_jti = false;
  std::vector<std::string> claims; // name=value; the value is JSON, or else text
};

void add_assertion_options(CLI::App& command, AssertionOptions& options);

// The signed JWT. Throws CommandFault for a key that cannot be read or does not fit the algorithm.
std::string sign_assertion(const AssertionOptions& options, TimePoint now);

} // namespace assay::cli
