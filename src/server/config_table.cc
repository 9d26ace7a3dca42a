#include "server/config_table.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/url.h"
#include "fetch/address_range.h"
#include "registry/record_limits.h"
#include "server/config_number.h"
#include "server/config_rule.h"
#include "server/config_text.h"
#include "stores/open.h"

namespace assay::server {

namespace {

using namespace std::chrono_literals;
using oauth::AccessTokenSettings;
using oauth::MonitoringSettings;
using oauth::RefreshTokenSettings;
using oauth::TokenServiceSettings;
using registry::KeySourceSettings;
using std::chrono::days;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

// Where a setting's value is.
template <class T> struct Member {
  std::function<T&(Settings&, std::size_t service)> of;
};

template <class T> Member<T> at(T Settings::* member) {
  return {[=](Settings& all, std::size_t) -> T& { return all.*member; }};
}

template <class Group, class T> Member<T> at(Group Settings::* group, T Group::* member) {
  return {[=](Settings& all, std::size_t) -> T& { return all.*group.*member; }};
}

template <class T> Member<T> at(T TokenServiceSettings::* member) {
  return {[=](Settings& all, std::size_t service) -> T& {
    return all.token_services[service].*member;
  }};
}

template <class Group, class T>
Member<T> at(Group TokenServiceSettings::* group, T Group::* member) {
  return {[=](Settings& all, std::size_t service) -> T& {
    return all.token_services[service].*group.*member;
  }};
}

template <class T>
Setting setting(std::string_view path, Change change, const Member<T>& member, const Kind<T>& kind,
                std::string_view help) {
  const auto read = [member, read_value = kind.read](const ConfigNode& node,
                                                     const FaultNotes& faults, Settings& all,
                                                     std::size_t service) {
    auto value = read_value(node, faults);
    if (!value) return false;
    member.of(all, service) = *std::move(value);
    return true;
  };
  const auto value = [member, write = kind.write](Settings all, std::size_t service) {
    return write(member.of(all, service));
  };
  return {.path = std::string(path),
          .change = change,
          .help = std::string(help),
          .allowed = kind.allowed,
          .schema = kind.schema,
          .read = read,
          .value = value};
}

// The kinds that several rows share, or that take more than a line.

Kind<std::string> ip_address() {
  return text({.allowed = "an IPv4 or IPv6 address", .accepts = is_ip_address});
}

Kind<std::uint16_t> port() { return number<std::uint16_t>(0, 65535); }

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

Kind<oauth::TokenFormat> token_format() {
  auto kind = choice_of<oauth::TokenFormat>({{"opaque", oauth::TokenFormat::opaque}});
  kind.read = [read = kind.read](const ConfigNode& node,
                                 const FaultNotes& faults) -> std::optional<oauth::TokenFormat> {
    if (node.text != "jwt") return read(node, faults);
    faults.note(node.place, "\"jwt\" is not available in this version; the one format is opaque");
    return std::nullopt;
  };
  return kind;
}

Kind<NamedTexts> token_parameters() {
  return map_of(
      text({.allowed = "a text of up to 1024 bytes", .bytes_least = 0, .bytes_most = 1024}),
      {.allowed = "a map of up to 32 names and texts",
       .pattern = "^[A-Za-z_][A-Za-z0-9_.-]{0,63}$",
       .count_most = 32,
       .fault_in = fault_in_parameter_name});
}

Kind<std::vector<std::string>> address_ranges() {
  return list_of(text({.allowed = "a range of IP addresses as CIDR, such as 10.0.0.0/8, without "
                                  "bits behind its prefix",
                       .accepts =
                           [](std::string_view range) {
                             return fetch::AddressRange::parse(range).has_value();
                           }}),
                 "a range or a list of up to 32 ranges of IP addresses", {0, 32});
}

std::vector<Setting> server_settings() {
  using enum Change;
  return {
      setting("issuer", at_reload, at(&Settings::issuer),
              text({.allowed = "an absolute http or https URL without query and fragment",
                    .bytes_most = 2048,
                    .accepts = is_issuer}),
              "The server's issuer identifier (RFC 8414). `${port}` in it stands for the port "
              "really taken."),

      setting("listen.address", at_start, at(&Settings::listen, &ListenSettings::address),
              ip_address(), "The address that clients reach."),
      setting("listen.port", at_start, at(&Settings::listen, &ListenSettings::port), port(),
              "Its port; 0 takes a free one, and the ready line says which."),
      setting("listen.threads", at_start, at(&Settings::listen, &ListenSettings::threads),
              number<unsigned>(0, 1024), "How many threads serve requests; 0: one a core."),

      setting("manager.address", at_start, at(&Settings::manager, &ManagerSettings::address),
              ip_address(),
              "The address that operators reach: health and metrics. Keep it from clients."),
      setting("manager.port", at_start, at(&Settings::manager, &ManagerSettings::port), port(),
              "Its port; 0 takes a free one, and the ready line says which."),

      setting("stores.registry", at_start, at(&Settings::stores, &StoreSettings::registry),
              store_url("the URL of a registry", stores::property_store_url_fault),
              "Where the applications are: sqlite:FILE or file:FILE.json, the file relative to "
              "the data folder."),
      setting("stores.tokens", at_start, at(&Settings::stores, &StoreSettings::tokens),
              store_url("the URL of a token store", stores::token_store_url_fault),
              "Where the tokens are: sqlite:FILE, or memory: for tokens that end with the "
              "server."),
      setting("stores.usage", at_start, at(&Settings::stores, &StoreSettings::usage),
              store_url("the URL of a usage store", stores::usage_store_url_fault),
              "Where the usage counts are: sqlite:FILE or memory:."),
      setting("stores.purge_every", at_start, at(&Settings::stores, &StoreSettings::purge_every),
              duration(100ms, days(1)), "How often expired tokens are purged."),
  };
}

std::vector<Setting> record_settings() {
  using enum Change;
  return {
      setting("audit.file", at_start, at(&Settings::audit, &AuditSettings::file),
              text({.allowed = "the path of a file, or -", .bytes_most = 4096}),
              "The audit log, relative to the data folder; \"-\" is standard output."),
      setting("audit.node", at_start, at(&Settings::audit, &AuditSettings::node),
              text({.allowed = "a text of up to 128 bytes", .bytes_least = 0, .bytes_most = 128}),
              "This server's name in the audit log; empty: the host's name."),

      setting(
          "token_info.require_authentication", at_reload,
          at(&Settings::token_info, &TokenInfoSettings::require_authentication), flag(),
          "Whether token info answers only applications that authenticate: about their own "
          "tokens, or about those for the APIs that they serve. Otherwise whoever holds a token "
          "may ask about it."),

      setting("log.level", at_reload, at(&Settings::log, &LogSettings::level),
              choice_of<observe::LogLevel>({{"debug", observe::LogLevel::debug},
                                            {"info", observe::LogLevel::info},
                                            {"warning", observe::LogLevel::warning},
                                            {"error", observe::LogLevel::error}}),
              "How much the log on standard error says: this level and what is above it."),
      setting("log.format", at_start, at(&Settings::log, &LogSettings::format),
              choice_of<observe::LogFormat>(
                  {{"text", observe::LogFormat::text}, {"json", observe::LogFormat::json}}),
              "The shape of its lines."),
  };
}

std::vector<Setting> limit_settings() {
  using enum Change;
  const auto limit = [](auto LimitSettings::* member) { return at(&Settings::limits, member); };
  return {
      setting("limits.body", at_start, limit(&LimitSettings::body_bytes), size(1 * kKiB, 16 * kMiB),
              "The longest body of a request; beyond it: 413."),
      setting("limits.header", at_start, limit(&LimitSettings::header_bytes),
              size(1 * kKiB, 1 * kMiB),
              "The longest request line and header fields together; beyond it: 431."),
      setting("limits.assertion", at_reload, limit(&LimitSettings::assertion_bytes),
              size(1 * kKiB, 1 * kMiB), "The longest assertion."),
      setting("limits.jti", at_reload, limit(&LimitSettings::jti_bytes), size(16, 4 * kKiB),
              "The longest `jti`."),
      setting("limits.kid", at_reload, limit(&LimitSettings::key_id_bytes), size(16, 4 * kKiB),
              "The longest `kid`."),
      setting("limits.json_depth", at_reload, limit(&LimitSettings::json_depth),
              number<std::size_t>(4, 64),
              "How deeply an assertion's header and claims can be nested."),
      setting("limits.connections", at_start, limit(&LimitSettings::connections),
              number<std::size_t>(1, 1'000'000),
              "How many connections can be open at once; new ones beyond it are closed."),
      setting("limits.parsed_keys", at_start, limit(&LimitSettings::parsed_keys),
              number<std::size_t>(1, 1'000'000), "How many keys of applications are kept parsed."),
      setting("limits.secret_attempts", at_start, limit(&LimitSettings::secret_attempts),
              number<std::size_t>(1, 1000),
              "How many wrong secrets of one application are checked a minute, where a person "
              "chose the secret; beyond it: 429."),
      setting("limits.request_wait", at_start, limit(&LimitSettings::request_wait),
              duration(100ms, 1h), "How long one request, or its answer, can be on its way."),
      setting("limits.idle_wait", at_start, limit(&LimitSettings::idle_wait), duration(100ms, 1h),
              "How long a connection can be without a request."),
      setting("limits.drain_wait", at_start, limit(&LimitSettings::drain_wait), duration(0ms, 1h),
              "How long a server that was told to end waits for requests under way."),
  };
}

std::vector<Setting> key_source_settings() {
  using Sources = KeySourceSettings;
  const auto row = [](std::string_view name, auto Sources::* member, const auto& kind,
                      std::string_view help) {
    return setting(fmt::format("key_sources.{}", name), Change::at_start,
                   at(&Settings::key_sources, member), kind, help);
  };
  return {
      row("keep_for", &Sources::keep_for, whole_seconds(60s, days(30)),
          "How long the keys of a jwks_uri are good after they were fetched, if they cannot be "
          "fetched again. They are fetched again after half of it at the latest."),
      row("refresh_least", &Sources::refresh_least, whole_seconds(1s, days(1)),
          "The shortest time between two fetches, whatever cache headers say; after a failure, the "
          "first pause."),
      row("refresh_most", &Sources::refresh_most, whole_seconds(1s, days(30)),
          "The longest time between two fetches, whatever cache headers say."),
      row("refresh_default", &Sources::refresh_default, whole_seconds(1s, days(30)),
          "The time between two fetches if there are no cache headers; after failures, the longest "
          "pause."),
      row("unknown_key_pause", &Sources::unknown_key_pause, whole_seconds(1s, 1h),
          "At most once in so long an assertion with an unknown `kid` has the keys fetched again."),
      row("wait", &Sources::wait, duration(100ms, 30s),
          "For how long one fetch may take, all in all, and a request waits for it."),
      row("answer", &Sources::answer_bytes, size(1 * kKiB, 4 * kMiB),
          "The largest answer that is read."),
      row("allowed_addresses", &Sources::allowed_addresses, address_ranges(),
          "Addresses that a jwks_uri may lead to although they are not public: loopback, private "
          "and the like are refused otherwise."),
  };
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

std::vector<Setting> token_settings() {
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
          token_format(),
          "What it is to its reader: opaque tokens mean something to this server alone."),
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

std::vector<Setting> all_settings() {
  std::vector<Setting> all = server_settings();
  for (auto& more : {record_settings(), limit_settings(), key_source_settings(), service_settings(),
                     token_settings()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace

std::string Setting::path_in(std::size_t service) const {
  if (!is_of_service()) return path;
  return item_path(kServiceList, service) + path.substr(kServiceList.size() + 2);
}

const std::vector<Setting>& settings_table() {
  static const std::vector<Setting> table = all_settings();
  return table;
}

const Setting* find_setting(std::string_view path) {
  const auto& table = settings_table();
  const auto found = std::ranges::find(table, path, &Setting::path);
  return found == table.end() ? nullptr : &*found;
}

} // namespace assay::server
