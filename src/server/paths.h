// Where the endpoints are that no setting moves.
#pragma once

namespace assay::server {

inline constexpr const char* kIntrospectionPath = "/api/oauth/introspect";
inline constexpr const char* kTokenInfoPath = "/api/oauth/tokeninfo";
inline constexpr const char* kLivePath = "/health/live";
inline constexpr const char* kReadyPath = "/health/ready";
inline constexpr const char* kMetricsPath = "/metrics";

} // namespace assay::server
