#include "server/config_table.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/url.h"
#include "fetch/address_range.h"
#include "server/config_number.h"
#include "server/config_row.h"
#include "server/config_rule.h"
#include "server/config_service_rows.h"
#include "server/config_text.h"
#include "stores/open.h"

namespace assay::server {

namespace {

using namespace std::chrono_literals;
using registry::KeySourceSettings;
using std::chrono::days;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kMiB = 1024 * kKiB;

// The kinds that several rows share, or that take more than a line.

Kind<std::string> ip_address() {
  return text({.allowed = "an IPv4 or IPv6 address", .accepts = is_ip_address});
}

Kind<std::uint16_t> port() { return number<std::uint16_t>(0, 65535); }

Kind<std::string> key_encryption_key() {
  return text({.allowed = "file:PATH or env:NAME", .bytes_most = 4096, .accepts = [](auto place) {
                 return (place.starts_with("file:") || place.starts_with("env:")) &&
                        !place.ends_with(':');
               }});
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

Kind<std::string> pem_file() {
  return text({.allowed = "the path of a file", .bytes_least = 0, .bytes_most = 4096});
}

Kind<std::string> header_name() {
  return text({.allowed = "a name of up to 64 letters, digits and -",
               .bytes_most = 64,
               .accepts = [](std::string_view name) {
                 return name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
                                               "yz0123456789-") == std::string_view::npos;
               }});
}

std::vector<Setting> server_settings() { // NOLINT(readability-function-size): it is a table.
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

      setting("listen.tls.certificate", at_start,
              at(&Settings::listen, &ListenSettings::tls, &TlsSettings::certificate), pem_file(),
              "PEM file, relative to the data folder, with the server's certificate and those "
              "between it and its root; clients then reach the server by https alone. Read again "
              "at SIGHUP and every hour."),
      setting("listen.tls.key", at_start,
              at(&Settings::listen, &ListenSettings::tls, &TlsSettings::key), pem_file(),
              "PEM file with the certificate's key, without a pass phrase."),
      setting("listen.tls.ask_client_certificate", at_start,
              at(&Settings::listen, &ListenSettings::tls, &TlsSettings::ask_client_certificate),
              flag(),
              "Whether clients are asked for a certificate, by which they authenticate and to "
              "which their tokens can be bound (RFC 8705). They need not have one."),
      setting("listen.tls.client_ca", at_start,
              at(&Settings::listen, &ListenSettings::tls, &TlsSettings::client_ca), pem_file(),
              "PEM file with the CAs of the clients that authenticate by tls_client_auth."),

      setting("proxies.addresses", at_reload, at(&Settings::proxies, &ProxySettings::addresses),
              address_ranges(),
              "The proxies that end TLS in front: from these addresses alone the header with the "
              "client's certificate counts. They must take it away from what clients send."),
      setting(
          "proxies.client_certificate_header", at_reload,
          at(&Settings::proxies, &ProxySettings::client_certificate_header), header_name(),
          "That header: the certificate as RFC 9440 writes it, as base64 of DER, or as PEM with "
          "percent-escapes (nginx's $ssl_client_escaped_cert)."),

      setting(
          "proxies.client_ca", at_reload, at(&Settings::proxies, &ProxySettings::client_ca),
          pem_file(),
          "PEM file, relative to the data folder, with the CAs of the clients that authenticate "
          "by tls_client_auth. Read again at SIGHUP."),

      setting("manager.address", at_start, at(&Settings::manager, &ManagerSettings::address),
              ip_address(),
              "The address that operators reach: health and metrics. Keep it from clients."),
      setting("manager.port", at_start, at(&Settings::manager, &ManagerSettings::port), port(),
              "Its port; 0 takes a free one, and the ready line says which."),

      setting("stores.registry", at_start, at(&Settings::stores, &StoreSettings::registry),
              store_url("the URL of a registry", stores::property_store_url_fault),
              "Where the applications are: sqlite:FILE or file:FILE.json, the file relative to "
              "the data folder, or postgresql://HOST/DATABASE."),
      setting("stores.tokens", at_start, at(&Settings::stores, &StoreSettings::tokens),
              store_url("the URL of a token store", stores::token_store_url_fault),
              "Where the tokens are: sqlite:FILE, postgresql://HOST/DATABASE, redis://HOST:PORT, "
              "redis+cluster://HOST:PORT,HOST:PORT, or memory: for tokens that end with the "
              "server."),
      setting("stores.usage", at_start, at(&Settings::stores, &StoreSettings::usage),
              store_url("the URL of a usage store", stores::usage_store_url_fault),
              "Where the usage counts are: sqlite:FILE, postgresql://HOST/DATABASE or memory:."),
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

      setting("introspection.signing_algorithm", at_reload,
              at(&Settings::introspection, &IntrospectionSettings::signing_algorithm),
              signing_algorithm(), "What answers of introspection are signed with (RFC 9701)."),

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

std::vector<Setting> proof_settings() {
  using enum Change;
  const auto key = [](auto SigningKeySettings::* member) {
    return at(&Settings::signing_keys, member);
  };
  const auto dpop = [](auto DpopSettings::* member) { return at(&Settings::dpop, member); };
  return {
      setting(
          "signing_keys.encryption_key", at_start, key(&SigningKeySettings::encryption_key),
          key_encryption_key(),
          "Where the secret is that encrypts the signing keys in the registry: file:PATH, "
          "relative to the data folder, made if it is not there; or env:NAME, a variable of the "
          "environment. At least 32 characters of chance; all nodes have the same."),
      setting("signing_keys.rotate_every", at_start, key(&SigningKeySettings::rotate_every),
              whole_seconds(2s, days(3660)), "How long a key signs before another takes over."),
      setting("signing_keys.announce_for", at_start, key(&SigningKeySettings::announce_for),
              whole_seconds(1s, days(365)),
              "How long a new key stands in the key set before it signs. Longer than max_age: by "
              "then whoever checks tokens has fetched it."),
      setting("signing_keys.max_age", at_start, key(&SigningKeySettings::max_age),
              whole_seconds(0s, days(1)),
              "How long the key set can be kept by who fetched it (Cache-Control)."),

      setting("dpop.require_nonce", at_reload, dpop(&DpopSettings::require_nonce), flag(),
              "Whether DPoP proofs must have a nonce of this server (RFC 9449 section 8)."),
      setting("dpop.proof_life", at_reload, dpop(&DpopSettings::proof_life),
              whole_seconds(1s, 10min),
              "How old a DPoP proof can be. The first service's clock_skew is added, both ways."),
      setting("dpop.nonce_life", at_reload, dpop(&DpopSettings::nonce_life), whole_seconds(2s, 24h),
              "How long a nonce can be used."),
      setting("dpop.proofs_remembered", at_start, dpop(&DpopSettings::proofs_remembered),
              number<std::size_t>(1, 100'000'000),
              "How many used proofs are remembered at once, so that none is used twice; beyond it: "
              "503."),

      setting("registration.enabled", at_reload,
              at(&Settings::registration, &RegistrationSettings::enabled), flag(),
              "Whether applications can register themselves over HTTP (RFC 7591, RFC 7592) with an "
              "initial access token of `assay registration create`."),
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

std::vector<Setting> all_settings() {
  std::vector<Setting> all = server_settings();
  for (auto& more : {record_settings(), proof_settings(), limit_settings(), key_source_settings(),
                     token_service_rows()})
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
