// The options that describe an application, and the record that they make.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/strict_json.h"
#include "cli/app_secret.h"

namespace assay::cli {

// What `app create` and `app update` take. What was not given is not touched.
struct AppFields {
  std::optional<std::string> name, description, logo, website, contact_email, contact_phone;
  std::vector<std::string> certificates, jwks, jwk_sets; // files
  std::vector<std::string> scopes, default_scopes, subjects, grants, algorithms, serves;
  std::vector<std::string> resources, auth_methods;
  std::vector<std::string> dropped_keys; // kids or thumbprints
  // Empty: to be taken away.
  std::optional<std::string> jwks_uri, jwks_ca, token_url_audience_until; // jwks_ca: a file
  std::optional<long long> longest_assertion_life;
  std::optional<bool> may_introspect, require_jti, dpop_bound, tls_bound;
  std::vector<std::pair<std::string, std::string>> certificate_names; // members and values
  SecretOptions secret;
};

enum class FieldsFor { create, update };

void add_app_fields(CLI::App& command, AppFields& fields, FieldsFor use);

// Puts the fields into the record. Lists replace what was there; keys are added to it, so that an
// application can have its old and its new key live at once. Throws CommandFault for a file that
// cannot be read or holds no key.
void apply_fields(const AppFields& fields, json::object& record);

} // namespace assay::cli
