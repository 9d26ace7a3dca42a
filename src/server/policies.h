// From settings to the policies that oauth/ asks for: the server and `assay explain` must judge
// alike.
#pragma once

#include <string>
#include <vector>

#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "oauth/audience_policy.h"
#include "oauth/dpop_verifier.h"
#include "oauth/scope_policy.h"
#include "oauth/token_service_settings.h"
#include "registry/signing_key_editor.h"
#include "server/settings.h"

namespace assay::server {

oauth::AssertionLimits assertion_limits(const LimitSettings& limits);

oauth::AssertionPolicy assertion_policy(const oauth::TokenServiceSettings& service);

// A path at the issuer's host.
std::string url_at(const std::string& issuer, const std::string& path);

// The token endpoint of a service, as the metadata names it.
std::string token_url(const std::string& issuer, const oauth::TokenServiceSettings& service);

// For client assertions: the issuer identifier as the sole audience.
oauth::AssertionPolicy client_assertion_policy(const Settings& settings);

oauth::ScopePolicy scope_policy(const oauth::TokenServiceSettings& service);

oauth::AudiencePolicy audience_policy(const Settings& settings,
                                      const oauth::TokenServiceSettings& service);

registry::SigningKeyPolicy signing_key_policy(const Settings& settings);

// Of the access tokens that are JWTs, and of answers of introspection.
std::vector<jose::Algorithm> signing_algorithms(const Settings& settings);

oauth::DpopPolicy dpop_policy(const Settings& settings);

} // namespace assay::server
