// Where the endpoints are that no setting moves.
#pragma once

namespace assay::server {

inline constexpr const char* kAuthorizationPath = "/api/oauth/authorize";
inline constexpr const char* kIntrospectionPath = "/api/oauth/introspect";
inline constexpr const char* kRevocationPath = "/api/oauth/revoke";
inline constexpr const char* kCheckPath = "/api/oauth/check";
inline constexpr const char* kTokenInfoPath = "/api/oauth/tokeninfo";
inline constexpr const char* kKeySetPath = "/api/oauth/jwks.json";
inline constexpr const char* kRegistrationPath = "/api/oauth/register";
inline constexpr const char* kLivePath = "/health/live";
inline constexpr const char* kReadyPath = "/health/ready";
inline constexpr const char* kMetricsPath = "/metrics";

} // namespace assay::server
