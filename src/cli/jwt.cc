// assay jwt: sign, verify and read JWTs by hand.
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/base64url.h"
#include "base/strict_json.h"
#include "cli/assertion_options.h"
#include "cli/program.h"
#include "cli/text_input.h"
#include "jose/claims.h"
#include "jose/jwk.h"
#include "jose/jwk_set.h"
#include "jose/jws.h"
#include "jose/pem.h"

namespace assay::cli {

namespace {

struct JwtOptions {
  AssertionOptions assertion;
  std::string jwk_set, jwk, certificate; // files
  std::string token;
};

int sign(const JwtOptions& options) {
  if (options.assertion.audiences.empty()) throw CommandFault("--aud is required", kWrongUsage);
  fmt::print("{}\n", sign_assertion(options.assertion, system_now()));
  return kDone;
}

std::vector<jose::PublicKey> keys_of(const JwtOptions& options) {
  std::vector<jose::PublicKey> keys;
  const auto add = [&](jose::KeyResult<jose::PublicKey> key, const std::string& path) {
    if (!key) throw CommandFault(fmt::format("{}: {}", path, key.error().what));
    keys.push_back(std::move(*key));
  };
  if (!options.jwk.empty()) add(jose::parse_jwk(read_file(options.jwk)), options.jwk);
  if (!options.certificate.empty())
    add(jose::parse_pem(read_file(options.certificate)), options.certificate);
  if (!options.jwk_set.empty()) {
    auto set = jose::parse_jwk_set(read_file(options.jwk_set));
    if (!set) throw CommandFault(fmt::format("{}: {}", options.jwk_set, set.error().what));
    keys.insert(keys.end(), set->begin(), set->end());
  }
  return keys;
}

jose::CompactJws parse_token(const std::string& text) {
  auto jws = jose::parse_compact_jws(text);
  if (!jws)
    throw CommandFault(fmt::format("not a signed JWT that is accepted here: {}: {}",
                                   name(jws.error().reason), jws.error().detail));
  return std::move(*jws);
}

bool may_be(const jose::PublicKey& key, const jose::JwsHeader& header) {
  return !header.key_id || !key.key_id() || *key.key_id() == *header.key_id;
}

int verify(const JwtOptions& options) {
  const auto keys = keys_of(options);
  if (keys.empty()) throw CommandFault("give a key: --jwks, --jwk or --cert", kWrongUsage);
  const jose::CompactJws jws = parse_token(argument_or_input(options.token));
  for (const jose::PublicKey& key : keys)
    if (may_be(key, jws.header) &&
        key.verify(jws.header.algorithm, jws.signing_input, jws.signature)) {
      fmt::print("the signature is good: {} by the key {}\n", name(jws.header.algorithm),
                 key.key_id().value_or(key.thumbprint().base64url()));
      return kDone;
    }
  throw CommandFault(
      fmt::format("the signature is not good: none of {} keys made it", keys.size()));
}

// Written anew: as it was sent, it could steer the terminal.
std::string shown(std::string_view text) {
  const auto value = parse_strict_json(text);
  return value ? json::serialize(*value) : "no JSON: " + value.error().what;
}

int show(const JwtOptions& options) {
  const std::string text = argument_or_input(options.token);
  const jose::CompactJws jws = parse_token(text);
  std::string header = text.substr(0, text.find('.'));
  std::erase(header, '=');
  fmt::print("header   {}\nclaims   {}\n", shown(base64url_decode(header).value_or("")),
             shown(jws.payload));

  const auto claims = jose::parse_claims(jws.payload);
  if (!claims) {
    fmt::print("the claims are refused: {}\n", claims.error().detail);
    return kRefused;
  }
  const auto time = [](std::string_view label, const std::optional<TimePoint>& value) {
    if (value) fmt::print("{:<8} {}\n", label, rfc3339(*value));
  };
  time("iat", claims->issued_at);
  time("nbf", claims->not_before);
  time("exp", claims->expires_at);
  fmt::print("The signature was not checked: `assay jwt verify` does that.\n");
  return kDone;
}

} // namespace

void add_jwt(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("jwt", "Sign, verify and read JWTs");
  group->require_subcommand(1);
  const auto options = std::make_shared<JwtOptions>();
  const auto add = [&](const std::string& name, const std::string& help,
                       int (*run)(const JwtOptions&)) {
    return group->add_subcommand(name, help)->callback(choose(chosen, options, run));
  };

  add_assertion_options(*add("sign", "Sign an assertion and print it", sign), options->assertion);
  CLI::App* verifying = add("verify", "Exit 0 only if the signature is good", verify);
  verifying->add_option("--jwks", options->jwk_set, "File with a JWK Set")->type_name("FILE");
  verifying->add_option("--jwk", options->jwk, "File with a public JWK")->type_name("FILE");
  verifying->add_option("--cert", options->certificate, "PEM file: certificate or public key")
      ->type_name("FILE");
  verifying->add_option("TOKEN", options->token, "The JWT, or - for standard input");
  add("show", "Print what it says, believed or not", show)
      ->add_option("TOKEN", options->token, "The JWT, or - for standard input");
}

} // namespace assay::cli
