// What is known of the keys at an application's jwks_uri: a row of the property store, so that
// other nodes, the command line and the next start know it too.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/strict_json.h"
#include "registry/application.h"
#include "registry/field_fault.h"
#include "registry/key_source_settings.h"
#include "registry/registered_key.h"

namespace assay::registry {

// The rows of the applications in `table` are in this one, by client_id.
std::string key_source_table(std::string_view table);

// Where keys come from. What came from elsewhere, or over a connection that another CA vouched for,
// is not what the record asks for.
struct KeyOrigin {
  std::string uri;
  std::string ca_digest; // SHA-256 in hexadecimal of the CA's PEM; empty: whom the system trusts

  static KeyOrigin of(const Application& application);
  bool operator==(const KeyOrigin&) const = default;
};

struct KeyFetchFault {
  std::string what;
  TimePoint since; // the first of the failures in a row
  std::size_t failures = 1;
};

// A value.
struct KeySource {
  KeyOrigin origin;
  std::vector<std::string> keys{};       // JWKs, as PublicKey::to_jwk() writes them
  std::optional<TimePoint> fetched_at{}; // the keys; none if there never were any
  TimePoint fresh_until{};
  TimePoint keep_until{};
  TimePoint next_try{};
  std::optional<KeyFetchFault> fault{}; // of the last try
};

json::object to_record(const KeySource& source);

// A row as to_record() wrote it.
std::expected<KeySource, FieldFaults> load_key_source(std::string_view record);

// As an application has them: not one of them is good from keep_until on.
std::vector<RegisteredKey> registered_keys(const KeySource& source);

// The application with the fetched keys behind those of its record. A kid of the record is the
// record's: whoever fills the URL must not bring back a key that the operator disabled.
Application with_keys_of(const KeySource& source, const Application& record);

// What a fetch brought.
struct FetchedKeys {
  std::vector<std::string> keys;                 // at least one
  std::optional<std::chrono::seconds> fresh_for; // as the answer's cache headers say
};

// What is known after a fetch that ended at `now`, and that made these keys of the answer, or a
// sentence on why there are none. `before` is what was known of the same origin. Pure.
KeySource after_fetch(KeySource before, std::expected<FetchedKeys, std::string> fetched,
                      const KeySourceSettings& settings, TimePoint now);

} // namespace assay::registry
