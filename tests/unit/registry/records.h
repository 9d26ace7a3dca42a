// Records for the tests of this layer: the ordinary case, from which each test differs in one
// thing.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/strict_json.h"
#include "registry/application.h"
#include "support/keys.h"

namespace assay::registry {

inline json::value parsed(std::string_view text) { return *parse_strict_json(text); }

inline json::object public_jwk(const jose::PrivateKey& key) {
  return parsed(key.public_key().to_jwk()).get_object();
}

inline json::object billing_record() {
  return json::object{
      {"client_id", "billing"},
      {"name", "Billing"},
      {"keys", json::array{json::object{{"jwk", public_jwk(testing::ec_key())}}}},
      {"scopes", json::array{json::object{{"name", "invoices.read"}, {"default", true}}}},
  };
}

inline json::object record_with(std::string_view member, json::value value) {
  json::object record = billing_record();
  record[member] = std::move(value);
  return record;
}

// The faults of a record as one line; empty if it is good.
inline std::string faults_of(const json::value& record) {
  const auto application = parse_application(record);
  return application ? "" : to_text(application.error());
}

} // namespace assay::registry
