// The client secret that `app create` and `app update` give an application.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/secret.h"
#include "base/strict_json.h"

namespace assay::cli {

struct SecretOptions {
  bool generated = false;
  std::string file; // with one that a person chose
  std::string not_after;
};

void add_secret_options(CLI::App& command, SecretOptions& options);

// What the record keeps of a secret; and its text, if it was made here and is to be shown.
struct GivenSecret {
  json::object kept;
  std::optional<Secret> made;
};

// None if the options want none. Throws CommandFault for a file that cannot be read and a secret
// that is too easy to guess.
std::optional<GivenSecret> given_secret(const SecretOptions& options);

// The newest come last; of more than two, the oldest makes room.
void put_secret(const GivenSecret& secret, json::object& record);

} // namespace assay::cli
