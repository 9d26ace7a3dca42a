// Prepares DPoP proofs (RFC 9449 section 4.2) for token requests, all distinct, by one key or each
// by a key of its own. The private keys are never written.
#include <algorithm>
#include <exception>
#include <string>
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

constexpr std::size_t kJtiBytes = 16;
constexpr std::string_view kTarget = "http://apiserver/api/oauth/token"; // by default settings

struct Options {
  std::string keys = "one";
  std::size_t count = 20'000;
  std::string proofs_file;
};

jose::PrivateKey new_key() { return jose::generate_private_key(jose::KeyType::ec_p256); }

std::string proof_by(const jose::PrivateKey& key) {
  const json::object header{{"typ", "dpop+jwt"},
                            {"alg", "ES256"},
                            {"jwk", *parse_strict_json(key.public_key().to_jwk())}};
  const json::object claims{{"jti", crypto::random_hex(kJtiBytes, crypto::secure_random)},
                            {"htm", "POST"},
                            {"htu", kTarget},
                            {"iat", unix_seconds(system_now())}};
  const std::string input = jose::signing_input(json::serialize(header), json::serialize(claims));
  return input + '.' + base64url_encode(key.sign(jose::Algorithm::es256, input));
}

// By all cores.
std::vector<std::string> make_proofs(const Options& options) {
  std::vector<std::string> proofs(options.count);
  const jose::PrivateKey one = new_key();
  const std::size_t thread_count = std::max(1U, std::thread::hardware_concurrency());
  const auto make_every_nth = [&](std::size_t first) {
    for (std::size_t i = first; i < proofs.size(); i += thread_count)
      proofs[i] = proof_by(options.keys == "one" ? one : new_key());
  };
  std::vector<std::jthread> threads;
  threads.reserve(thread_count);
  for (std::size_t i = 0; i < thread_count; ++i)
    threads.emplace_back(make_every_nth, i);
  threads.clear();
  return proofs;
}

} // namespace

} // namespace assay::bench

int main(int argument_count, char** arguments) try {
  CLI::App program("Signs distinct DPoP proofs with new keys, for the load generator.");
  assay::bench::Options options;
  program.add_option("--keys", options.keys, "one for all, or one for each")
      ->check(CLI::IsMember({"one", "each"}))
      ->capture_default_str();
  program.add_option("--count", options.count)
      ->check(CLI::Range(1, 200'000))
      ->capture_default_str();
  program.add_option("--proofs", options.proofs_file, "where they go, one a line")->required();
  CLI11_PARSE(program, argument_count, arguments);
  assay::bench::write_lines(options.proofs_file, assay::bench::make_proofs(options));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "prove: {}\n", error.what());
  return 1;
}
