// What a gateway demands of a token, as the query of the check endpoint says it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/refusal.h"
#include "oauth/access_demand.h"

namespace assay::endpoints {

// nginx takes no answer of `auth_request` but 2xx, 401 and 403: any other becomes a 500.
enum class AccessErrors { as_they_are, as_401 };

struct AccessQuery {
  oauth::AccessDemand demand;
  AccessErrors errors = AccessErrors::as_they_are;
  // A demand that cannot be understood lets nobody through.
  std::optional<Refusal> fault;
};

// Without `aud`, the token must be for `issuer`. What stands behind `for=` is not read: a gateway
// that can do no more than join its caller's path and query to ours puts them there. Reasons of the
// fault: form_malformed, parameter_malformed, scope_malformed, token_repeated.
AccessQuery read_access_query(std::string_view query, const std::string& issuer);

// The same below the endpoint's path (`/api/oauth/check/invoices?page=2`), where the query is the
// gateway's caller's own. Who is checked must not be able to loosen the check: scopes are
// demanded, and nothing else is read.
AccessQuery read_callers_query(std::string_view query, const std::string& issuer);

} // namespace assay::endpoints
