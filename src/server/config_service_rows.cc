#include "server/config_service_rows.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/url.h"
#include "registry/record_limits.h"
#include "server/config_number.h"
#include "server/config_row.h"
#include "server/config_rule.h"

namespace assay::server {

namespace {

using namespace std::chrono_literals;
using oauth::AccessTokenSettings;
using oauth::MonitoringSettings;
using oauth::RefreshTokenSettings;
using oauth::TokenServiceSettings;
using std::chrono::days;

Kind<std::vector<std::string>> audiences() {
  return list_of(text({.allowed = "a text of 1 to 2048 bytes in which ${...} can be ${port} alone",
                       .bytes_most = 2048,
                       .accepts = is_audience}),
                 "a text or a list of 1 to 32 texts", {1, 32});
}

Kind<std::vector<std::string>> resources() {
  return list_of(text({.allowed = "an absolute URI without a fragment, of up to 2048 bytes",
                       .bytes_most = 2048,
                       .accepts = is_absolute_uri}),
                 "an absolute URI or a list of up to 32 of them", {0, 32});
}

Kind<std::string> service_path() {
  auto kind = text({.allowed = "a path of up to 256 characters that need no escape, which begins "
                               "with / and ends without one",
                    .accepts = is_service_path});
  kind.read = [read = kind.read](const ConfigNode& node, const FaultNotes& faults) {
    auto path = read(node, faults);
    if (!path || !is_reserved_path(*path)) return path;
    faults.note(node.place, fmt::format("\"{}\" is the path of another endpoint", *path));
    return std::optional<std::string>();
  };
  return kind;
}

// An API believes what the standards' claims say of the token: a free text of the config must not
// pass for its subject, its actor or its key.
Kind<std::string> claim_name() {
  auto kind = text({.allowed = "the name of a parameter", .bytes_most = 64});
  kind.read = [read = kind.read](const ConfigNode& node, const FaultNotes& faults) {
    auto name = read(node, faults);
    const auto fault = name ? fault_in_parameter_name(*name) : std::nullopt;
    if (!fault) return name;
    faults.note(node.place, fmt::format("\"{}\" {}", *name, *fault));
    return std::optional<std::string>();
  };
  return kind;
}

Kind<std::vector<std::string>> claim_names() {
  return list_of(claim_name(), "a name or a list of up to 32 names of parameters", {0, 32});
}

Kind<NamedTexts> token_parameters() {
  return map_of(
      text({.allowed = "a text of up to 1024 bytes", .bytes_least = 0, .bytes_most = 1024}),
      {.allowed = "a map of up to 32 names and texts",
       .pattern = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$",
       .count_most = 32,
       .fault_in = fault_in_parameter_name});
}

// A row for each token service.
template <class T>
Setting row(std::string_view name, const Member<T>& member, const Kind<T>& kind,
            std::string_view help) {
  return setting(fmt::format("{}[].{}", kServiceList, name), Change::at_reload, member, kind, help);
}

std::vector<Setting> service_settings() {
  using Service = TokenServiceSettings;
  return {
      row("path", at(&Service::path), service_path(), "Where the token endpoint is."),
      row("registry", at(&Service::registry),
          text({.allowed = "a name of up to 64 letters, digits, _, - and .",
                .bytes_most = 64,
                .accepts = is_name}),
          "The table of the registry that holds its applications."),
      row("audience", at(&Service::audiences), audiences(),
          "The URIs one of which an assertion's `aud` must contain. `${port}` in them stands for "
          "the port really taken."),
      row("resource", at(&Service::resources), resources(),
          "The URIs of the APIs that its tokens are for when a request names none, their `aud`; "
          "empty: the issuer. An application can ask for others, if they are among its own "
          "`resources`."),
      row("validate_scopes", at(&Service::validate_scopes), flag(),
          "Whether scopes that are asked for must be registered for the application."),
      row("scope_match", at(&Service::scope_match),
          choice_of<oauth::ScopeMatch>(
              {{"any", oauth::ScopeMatch::any}, {"all", oauth::ScopeMatch::all}}),
          "any: what is asked for and registered is granted, nothing in common is refused; all: "
          "refused unless everything asked for is registered."),
      row("clock_skew", at(&Service::clock_skew), whole_seconds(0s, 10min),
          "How far a client's clock may be off."),
      row("longest_assertion_life", at(&Service::longest_assertion_life),
          whole_seconds(1s, registry::kLongestAssertionLifeMax),
          "How far ahead an assertion's `exp` may lie. An application can have its own."),
      row("require_jti", at(&Service::require_jti), flag(),
          "Whether assertions must have a `jti`. An application can require it by itself."),
      row("require_subject", at(&Service::require_subject), flag(),
          "Whether assertions must have a `sub`, as RFC 7523 wants it; otherwise the subject is "
          "the application itself."),
  };
}

std::vector<Setting> access_token_settings() {
  using Service = TokenServiceSettings;
  return {
      row("access_token.lifetime", at(&Service::access_token, &AccessTokenSettings::lifetime),
          whole_seconds(1s, days(366)), "How long an access token is good."),
      row("access_token.length", at(&Service::access_token, &AccessTokenSettings::length),
          number<std::size_t>(22, 512), "Its length in characters: random letters and digits."),
      row("access_token.type", at(&Service::access_token, &AccessTokenSettings::type),
          text({.allowed = "a name of up to 64 letters, digits, -, . and _",
                .bytes_most = 64,
                .accepts = is_token_type}),
          "The `token_type` of the answer."),
      row("access_token.format", at(&Service::access_token, &AccessTokenSettings::format),
          choice_of<oauth::TokenFormat>(
              {{"opaque", oauth::TokenFormat::opaque}, {"jwt", oauth::TokenFormat::jwt}}),
          "What it is to its reader: opaque tokens mean something to this server alone; a JWT (RFC "
          "9068) can be checked by the keys of /api/oauth/jwks.json, without asking."),
      row("access_token.algorithm", at(&Service::access_token, &AccessTokenSettings::algorithm),
          signing_algorithm(), "What JWT access tokens are signed with."),
      row("access_token.claims", at(&Service::access_token, &AccessTokenSettings::claims),
          claim_names(), "Which of the parameters below are claims of JWT access tokens as well."),
      row("access_token.binding", at(&Service::access_token, &AccessTokenSettings::binding),
          choice_of<oauth::BindingDemand>({{"none", oauth::BindingDemand::none},
                                           {"any", oauth::BindingDemand::any},
                                           {"dpop", oauth::BindingDemand::dpop},
                                           {"tls", oauth::BindingDemand::tls}}),
          "What each access token must be bound to: the key of a DPoP proof, the client "
          "certificate "
          "of the connection, or any of the two. An application can demand it by itself."),
      row("access_token.store_outage",
          at(&Service::access_token, &AccessTokenSettings::store_outage),
          choice_of<oauth::StoreOutage>(
              {{"refuse", oauth::StoreOutage::refuse}, {"mint", oauth::StoreOutage::mint}}),
          "What becomes of a grant while the token store is away. refuse: it is answered 503; "
          "mint, "
          "for JWTs alone: it gets a token that is not stored and says so, for an assertion that "
          "could be used again. See docs/operating/failures.md."),
  };
}

std::vector<Setting> refresh_token_settings() {
  using Service = TokenServiceSettings;
  return {
      row("refresh_token.issue", at(&Service::refresh_token, &RefreshTokenSettings::issue), flag(),
          "Whether a refresh token is issued as well."),
      row("refresh_token.lifetime", at(&Service::refresh_token, &RefreshTokenSettings::lifetime),
          whole_seconds(1s, days(3660)), "How long it is good."),
      row("refresh_token.length", at(&Service::refresh_token, &RefreshTokenSettings::length),
          number<std::size_t>(22, 512), "Its length in characters."),
      row("refresh_token.policy", at(&Service::refresh_token, &RefreshTokenSettings::policy),
          choice_of<oauth::RefreshPolicy>({{"rotate", oauth::RefreshPolicy::rotate},
                                           {"keep", oauth::RefreshPolicy::keep},
                                           {"slide", oauth::RefreshPolicy::slide}}),
          "What becomes of one that is used. rotate: another takes its place, and a second use of "
          "it revokes all that came of it; keep: it stays; slide: it stays, and lives for its "
          "whole lifetime from then on."),
      row("refresh_token.grace", at(&Service::refresh_token, &RefreshTokenSettings::grace),
          whole_seconds(0s, 5min),
          "For how long a rotated one gets the same answer again, as the first may have been "
          "lost."),
  };
}

std::vector<Setting> use_settings() {
  using Service = TokenServiceSettings;
  return {
      row("parameters", at(&Service::parameters), token_parameters(),
          "Names and texts that are stored with each token and shown by introspection and token "
          "info."),
      row("monitoring.enabled", at(&Service::monitoring, &MonitoringSettings::enabled), flag(),
          "Whether its use is counted, per client too."),
      row("monitoring.service_name", at(&Service::monitoring, &MonitoringSettings::service_name),
          text({.allowed = "a text of up to 128 bytes", .bytes_least = 0, .bytes_most = 128}),
          "What the counts call the service; empty: its path."),
      row("monitoring.client_attribute",
          at(&Service::monitoring, &MonitoringSettings::client_attribute),
          choice({"client_id", "name", "sub"}), "Which attribute the counts name a client by."),
  };
}

} // namespace

std::vector<Setting> token_service_rows() {
  std::vector<Setting> rows = service_settings();
  for (const auto& more : {access_token_settings(), refresh_token_settings(), use_settings()})
    rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

} // namespace assay::server
