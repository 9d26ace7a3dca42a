// Prepares a load: a new key, and bodies of token requests with one assertion each, as the grant
// (RFC 7523 section 2.1) or as the client's credentials (section 2.2), all distinct, signed and
// encoded. The private key is never written; what is written is of no use after the assertions'
// life, so nothing can be kept for a later run.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "base/base64url.h"
#include "base/clock.h"
#include "base/strict_json.h"
#include "bench/write_lines.h"
#include "crypto/random.h"
#include "jose/jws.h"
#include "jose/private_key.h"

namespace assay::bench {

namespace {

constexpr std::string_view kKeyId = "bench";
constexpr std::size_t kJtiBytes = 16;

struct Use {
  std::string_view name;
  std::string_view audience; // as the server's default settings want it
  std::string_view body;     // up to the assertion
};

constexpr std::array<Use, 2> kUses{
    {{"grant", "http://apiserver/api/oauth/token",
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="},
     {"client", "http://apiserver",
      "grant_type=client_credentials&client_assertion_type="
      "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="}}};

struct Options {
  std::string use = "grant";
  std::string algorithm = "RS256";
  std::size_t count = 20'000;
  std::string issuer = "bench";
  int life_seconds = 290; // just within the server's default limit of 300
  std::string key_file;
  std::string bodies_file;
};

jose::KeyType key_type_for(jose::Algorithm algorithm) {
  for (const auto type : {jose::KeyType::rsa, jose::KeyType::ec_p256, jose::KeyType::ed25519}) {
    if (jose::fits(algorithm, type)) return type;
  }
  throw std::runtime_error("no key for this algorithm");
}

const Use& use_named(std::string_view name) {
  const auto* const use = std::ranges::find(kUses, name, &Use::name);
  if (use == kUses.end()) throw std::runtime_error("no such use of an assertion");
  return *use;
}

std::string signed_assertion(const Options& options, const jose::PrivateKey& key,
                             jose::Algorithm algorithm) {
  const std::int64_t now = unix_seconds(system_now());
  const json::object header{{"alg", options.algorithm}, {"kid", kKeyId}, {"typ", "JWT"}};
  const json::object claims{{"iss", options.issuer},
                            {"sub", options.issuer},
                            {"aud", use_named(options.use).audience},
                            {"iat", now},
                            {"exp", now + options.life_seconds},
                            {"jti", crypto::random_hex(kJtiBytes, crypto::secure_random)}};
  const std::string input = jose::signing_input(json::serialize(header), json::serialize(claims));
  return input + '.' + base64url_encode(key.sign(algorithm, input));
}

// By all cores: an RS256 signature takes the time of thirty checks.
std::vector<std::string> make_bodies(const Options& options, const jose::PrivateKey& key,
                                     jose::Algorithm algorithm) {
  std::vector<std::string> bodies(options.count);
  const std::string prefix(use_named(options.use).body);
  const std::size_t thread_count = std::max(1U, std::thread::hardware_concurrency());
  const auto make_every_nth = [&](std::size_t first) {
    for (std::size_t i = first; i < bodies.size(); i += thread_count)
      bodies[i] = prefix + signed_assertion(options, key, algorithm);
  };
  std::vector<std::jthread> threads;
  threads.reserve(thread_count);
  for (std::size_t i = 0; i < thread_count; ++i)
    threads.emplace_back(make_every_nth, i);
  threads.clear();
  return bodies;
}

void run(const Options& options) {
  const auto algorithm = jose::algorithm_named(options.algorithm);
  if (!algorithm) throw std::runtime_error("unknown algorithm " + options.algorithm);
  const jose::PrivateKey key =
      jose::generate_private_key(key_type_for(*algorithm), std::string(kKeyId));
  write_lines(options.key_file, {key.public_key().to_jwk()});
  write_lines(options.bodies_file, make_bodies(options, key, *algorithm));
}

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Signs distinct assertions with a new key, for the load generator.");
  assay::bench::Options options;
  program.add_option("--use", options.use, "what an assertion is: the grant, or the client's")
      ->check(CLI::IsMember({"grant", "client"}))
      ->capture_default_str();
  program.add_option("--algorithm", options.algorithm)
      ->check(CLI::IsMember({"RS256", "ES256", "EdDSA"}))
      ->capture_default_str();
  program.add_option("--count", options.count)
      ->check(CLI::Range(1, 200'000))
      ->capture_default_str();
  program.add_option("--issuer", options.issuer)->capture_default_str();
  program.add_option("--life-seconds", options.life_seconds)
      ->check(CLI::Range(1, 300))
      ->capture_default_str();
  program.add_option("--key", options.key_file, "where the public JWK goes")->required();
  program.add_option("--bodies", options.bodies_file, "where the bodies go, one a line")
      ->required();
  CLI11_PARSE(program, argument_count, arguments);
  assay::bench::run(options);
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "sign: {}\n", error.what());
  return 1;
}
