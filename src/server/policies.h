// From settings to the policies that oauth/ asks for: the server and `assay explain` must judge
// alike.
#pragma once

#include <string>

#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "oauth/audience_policy.h"
#include "oauth/scope_policy.h"
#include "oauth/token_service_settings.h"
#include "server/settings.h"

namespace assay::server {

oauth::AssertionLimits assertion_limits(const LimitSettings& limits);

oauth::AssertionPolicy assertion_policy(const oauth::TokenServiceSettings& service);

// The token endpoint of a service, as the metadata names it.
std::string token_url(const std::string& issuer, const oauth::TokenServiceSettings& service);

// For client assertions: the issuer identifier as the sole audience.
oauth::AssertionPolicy client_assertion_policy(const Settings& settings);

oauth::ScopePolicy scope_policy(const oauth::TokenServiceSettings& service);

oauth::AudiencePolicy audience_policy(const Settings& settings,
                                      const oauth::TokenServiceSettings& service);

} // namespace assay::server
