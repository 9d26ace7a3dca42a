// The settings of one token service: a path with rules of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "jose/algorithm.h"

namespace assay::oauth {

enum class ScopeMatch {
  any, // grant what is asked for and registered; refuse when that is nothing
  all, // refuse unless everything asked for is registered
};

enum class TokenFormat {
  opaque, // random text, worth something at this server alone
  jwt,    // RFC 9068: an API can check it by itself
};

// What every access token of the service must be bound to (RFC 9449, RFC 8705 section 3). A token
// is also bound where its application demands it, and wherever the client shows a DPoP proof.
enum class BindingDemand {
  none,
  any,  // either
  dpop, // the key of a DPoP proof
  tls,  // the client certificate of the connection
};

// What becomes of a grant while the token store is away.
enum class StoreOutage {
  refuse, // 503: no token that was not stored, no assertion that is not remembered
  mint,   // JWTs alone: one that no store knows, for an assertion that could be used again
};

struct AccessTokenSettings {
  std::chrono::seconds lifetime{3600};
  std::size_t length = 54; // characters
  std::string type = "Bearer";
  TokenFormat format = TokenFormat::opaque;
  jose::Algorithm algorithm = jose::Algorithm::es256; // of JWTs
  std::vector<std::string> claims; // the parameters that are claims of JWTs as well, by name
  BindingDemand binding = BindingDemand::none;
  StoreOutage store_outage = StoreOutage::refuse;
};

// What becomes of a refresh token that was used.
enum class RefreshPolicy {
  rotate, // another takes its place; a second use of it revokes all that came of it
  keep,   // it stays as it is
  slide,  // it stays, and lives for its whole lifetime from now on
};

struct RefreshTokenSettings {
  bool issue = false;
  std::chrono::seconds lifetime{43200};
  std::size_t length = 46; // characters
  RefreshPolicy policy = RefreshPolicy::rotate;
  // For so long a rotated one gets the same answer again: the first may have been lost.
  std::chrono::seconds grace{10};
};

struct MonitoringSettings {
  bool enabled = true;
  std::string service_name; // empty: the path
  std::string client_attribute = "client_id";
};

// A value, complete with its defaults; server/config makes them from the config file.
struct TokenServiceSettings {
  std::string path = "/api/oauth/token";
  std::string registry = "ClientApplicationRegistry";
  std::vector<std::string> audiences{"http://apiserver/api/oauth/token"};
  std::vector<std::string> resources; // the default audience; empty: the issuer
  bool validate_scopes = true;
  ScopeMatch scope_match = ScopeMatch::any;
  std::chrono::seconds clock_skew{30};
  std::chrono::seconds longest_assertion_life{300};
  bool require_jti = false;
  bool require_subject = false;
  AccessTokenSettings access_token;
  RefreshTokenSettings refresh_token;
  std::vector<std::pair<std::string, std::string>> parameters;
  MonitoringSettings monitoring;
};

} // namespace assay::oauth
