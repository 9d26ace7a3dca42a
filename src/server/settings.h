// Everything that can be set, as values with their defaults. server/config reads them from the file
// and the environment; assembly builds the server from them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jose/algorithm.h"
#include "oauth/token_service_settings.h"
#include "observe/log.h"
#include "registry/key_source_settings.h"

namespace assay::server {

// TLS of the server's own. Files are relative to the data folder.
struct TlsSettings {
  std::string certificate = {}; // PEM, with the chain; empty: no TLS
  std::string key = {};         // PEM
  bool ask_client_certificate = false;
  std::string client_ca = {}; // PEM; empty: none is trusted
};

struct ListenSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080; // 0: a free one
  unsigned threads = 0;      // 0: one a core
  TlsSettings tls;
};

// The proxies in front that end TLS.
struct ProxySettings {
  std::vector<std::string> addresses; // from these alone the header counts
  std::string client_certificate_header = "Client-Cert";
  std::string client_ca; // PEM file, relative to the data folder; empty: none is trusted
};

struct ManagerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8090;
};

struct StoreSettings {
  std::string registry = "sqlite:registry.db";
  std::string tokens = "sqlite:tokens.db";
  std::string usage = "sqlite:usage.db";
  std::chrono::milliseconds purge_every = std::chrono::seconds(60);
};

struct AuditSettings {
  std::string file = "audit.jsonl"; // in the data folder; "-": standard output
  std::string node;                 // empty: the host's name
};

struct LogSettings {
  observe::LogLevel level = observe::LogLevel::info;
  observe::LogFormat format = observe::LogFormat::text;
};

struct TokenInfoSettings {
  bool require_authentication = true;
};

// The keys that this server signs with (registry/signing_key.h).
struct SigningKeySettings {
  std::string encryption_key = "file:signing-keys.secret"; // or env:NAME
  std::chrono::seconds rotate_every = std::chrono::days(90);
  std::chrono::seconds announce_for = std::chrono::days(1); // in the key set, before it signs
  std::chrono::seconds max_age = std::chrono::minutes(15);  // the key set's Cache-Control
};

struct IntrospectionSettings {
  jose::Algorithm signing_algorithm = jose::Algorithm::es256; // of signed answers (RFC 9701)
};

// RFC 9449.
struct DpopSettings {
  bool require_nonce = false;
  std::chrono::seconds proof_life{60};  // how far back its `iat` may lie
  std::chrono::seconds nonce_life{300}; // how long a nonce of ours is good
  std::size_t proofs_remembered = 500'000;
};

// RFC 7591, RFC 7592.
struct RegistrationSettings {
  bool enabled = false;
};

struct LimitSettings {
  std::size_t body_bytes = 64 * 1024;
  std::size_t header_bytes = 16 * 1024;
  std::size_t assertion_bytes = 16 * 1024;
  std::size_t jti_bytes = 256;
  std::size_t key_id_bytes = 256;
  std::size_t json_depth = 16;
  std::size_t connections = 20'000;
  std::size_t parsed_keys = 10'000;
  std::size_t secret_attempts = 10; // wrong chosen secrets of one client a minute
  std::chrono::milliseconds request_wait = std::chrono::seconds(30);
  std::chrono::milliseconds idle_wait = std::chrono::seconds(120);
  // For requests in flight when the server is told to end.
  std::chrono::milliseconds drain_wait = std::chrono::seconds(30);
};

struct Settings {
  std::string issuer = "http://apiserver";
  ListenSettings listen;
  ProxySettings proxies;
  ManagerSettings manager;
  StoreSettings stores;
  AuditSettings audit;
  LogSettings log;
  TokenInfoSettings token_info;
  IntrospectionSettings introspection;
  SigningKeySettings signing_keys;
  DpopSettings dpop;
  RegistrationSettings registration;
  LimitSettings limits;
  registry::KeySourceSettings key_sources;
  std::vector<oauth::TokenServiceSettings> token_services{oauth::TokenServiceSettings{}};
};

// Stands for the port really taken, in the issuer and in the audiences.
inline constexpr std::string_view kPortPlaceholder = "${port}";

// The settings with `port` in the place of each kPortPlaceholder.
Settings with_port(Settings settings, std::uint16_t port);

} // namespace assay::server
