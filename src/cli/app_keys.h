// What there is to say of an application's keys: those of its record, and those at its jwks_uri.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/strict_json.h"
#include "registry/application.h"
#include "registry/key_source.h"

namespace assay::cli {

// The record as it is stored, and what is known of the keys at its jwks_uri. A source of another
// origin than the record's counts for nothing.
struct KnownKeys {
  registry::Application record;
  std::optional<registry::KeySource> source;
};

void print_keys(const KnownKeys& known, TimePoint now);

json::object keys_as_json(const KnownKeys& known, TimePoint now);

// One line on the jwks_uri, which the record has.
std::string describe_source(const KnownKeys& known, TimePoint now);

} // namespace assay::cli
