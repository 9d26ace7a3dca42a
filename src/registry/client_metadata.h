// Client metadata (RFC 7591 section 2, RFC 8705, RFC 9449 section 5.2, RFC 9701 section 6): what of
// it stands for which members of an application record. Pure. Only what a client can decide about
// itself is read; what an operator decides has no name here.
#pragma once

#include <array>
#include <expected>
#include <string_view>

#include "base/strict_json.h"
#include "jose/algorithm.h"
#include "registry/application.h"
#include "registry/field_fault.h"
#include "registry/initial_access_token.h"

namespace assay::registry {

// Which of RFC 7591's error codes a refusal has (section 3.2.2).
enum class MetadataFault { invalid, redirect_uri, software_statement };

struct MetadataRefusal {
  MetadataFault fault;
  FieldFaults fields; // by their names in the metadata
};

struct MetadataRules {
  RegistrationCeiling ceiling;
  // This server signs its answers of introspection by it, and by no other.
  jose::Algorithm introspection_algorithm;
};

// The members of a record that are a client's own: all of these, and none else, are replaced when
// it registers again.
inline constexpr std::array<std::string_view, 17> kClientMembers{
    "name",
    "website",
    "logo",
    "contact_email",
    "keys",
    "jwks_uri",
    "scopes",
    "grants",
    "auth_methods",
    "algorithms",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens"};

// Those of kClientMembers that the metadata gives a value, within the ceiling. Members that are not
// known are ignored, null and an empty text count as absent (RFC 7592 section 2.2). Values whose
// form the record checks are left to parse_application(): see in_metadata().
std::expected<json::object, MetadataRefusal> to_client_members(const json::object& metadata,
                                                               const MetadataRules& rules);

// What parse_application() found in a record of such members, by the names of the metadata.
FieldFaults in_metadata(FieldFaults faults);

// The metadata as it is registered, but for the client's id, secrets and registration token. Keys
// that an operator disabled are left out: the client has them no longer.
json::object to_metadata(const Application& application, jose::Algorithm introspection_algorithm);

// For one whose initial access token is no longer there: it can keep what it has, or have less.
RegistrationCeiling ceiling_of(const Application& application);

// Whether this is a method that needs a client secret.
bool uses_secret(AuthMethod method);

} // namespace assay::registry
