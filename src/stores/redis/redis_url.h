// Where a Redis is and how it is spoken to, as the settings have it.
//
//   redis://[user[:password]@]host[:port][/db][?parameters]
//   redis+cluster://[user[:password]@]host[:port],host[:port],...[?parameters]
//   rediss://, rediss+cluster://                                the same over TLS
//
// docs/operating/redis.md has the parameters.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace assay::stores {

struct RedisEndpoint {
  std::string host; // without the brackets of an IPv6 address
  std::uint16_t port = 0;

  std::string text() const;
  auto operator<=>(const RedisEndpoint&) const = default;
};

enum class RedisTopology { single, cluster };
enum class RedisTransport { plain, tls };

// Files are relative to the data folder.
struct RedisUrl {
  RedisTopology topology = RedisTopology::single;
  RedisTransport transport = RedisTransport::plain;
  std::vector<RedisEndpoint> endpoints; // of a cluster: those to ask first
  std::string user;                     // empty: the default user
  Secret password;                      // empty: none
  std::string password_file;
  std::uint32_t database = 0;
  std::string prefix = "assay:"; // of all keys
  std::string ca_file;           // empty: the authorities that the system trusts
  std::string certificate_file;  // what we show the server; empty: nothing
  std::string key_file;
  std::uint32_t replicas = 0;                    // how many have to have a write, too
  std::chrono::milliseconds replicas_wait{1000}; // how long for
  std::chrono::milliseconds timeout{2000};       // for an answer
  std::size_t connections = 2;                   // to each node
  std::size_t waiting_max = 16'384;              // commands without an answer
};

bool is_redis_url(std::string_view url);

// The fault is a sentence's end ("has ..."), and quotes nothing of the URL: it may hold a password.
std::expected<RedisUrl, std::string> parse_redis_url(std::string_view url);

} // namespace assay::stores
