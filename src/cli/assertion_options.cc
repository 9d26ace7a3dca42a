#include "cli/assertion_options.h"

#include <fmt/format.h>

#include "base/base64url.h"
#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/text_input.h"
#include "crypto/random.h"
#include "jose/jws.h"
#include "jose/private_key.h"

namespace assay::cli {

namespace {

constexpr std::size_t kJtiBytes = 16;

void set(json::object& object, std::string_view member, const std::optional<std::string>& value) {
  if (value) object[member] = *value;
}

json::object claims_of(const AssertionOptions& options, TimePoint now) {
  const auto issued_at = unix_seconds(now);
  json::object claims{{"iss", options.issuer}};
  set(claims, "sub", options.subject);
  if (options.audiences.size() == 1)
    claims["aud"] = options.audiences.front();
  else
    claims["aud"] = json::array(options.audiences.begin(), options.audiences.end());
  claims["iat"] = issued_at;
  claims["exp"] = issued_at + options.lifetime;
  if (!options.without_jti) claims["jti"] = crypto::random_hex(kJtiBytes, crypto::secure_random);
  set(claims, "scope", options.scope);
  for (const std::string& claim : options.claims) {
    const std::size_t equals = claim.find('=');
    if (equals == 0 || equals == std::string::npos)
      throw CommandFault(fmt::format("--claim {}: expected name=value", claim), kWrongUsage);
    const std::string text = claim.substr(equals + 1);
    const auto value = parse_strict_json(text);
    claims[claim.substr(0, equals)] = value ? *value : json::value(text);
  }
  return claims;
}

jose::Algorithm algorithm_of(const AssertionOptions& options, const jose::PrivateKey& key) {
  if (!options.algorithm) return key.default_algorithm();
  const auto algorithm = jose::algorithm_named(*options.algorithm);
  if (!algorithm)
    throw CommandFault(fmt::format("--alg {}: no such algorithm here", *options.algorithm),
                       kWrongUsage);
  return *algorithm;
}

} // namespace

void add_assertion_options(CLI::App& command, AssertionOptions& options) {
  command.add_option("--key", options.key_file, "The private key: PEM or a private JWK")
      ->type_name("FILE")
      ->required();
  command.add_option("--iss", options.issuer, "The application's client_id")
      ->type_name("ID")
      ->required();
  command.add_option("--aud", options.audiences, "Whom it is for")->type_name("URL");
  command.add_option("--sub", options.subject, "On whose behalf (default: no claim)")
      ->type_name("S");
  command.add_option("--scope", options.scope, "The scopes to ask for, in one text")
      ->type_name("S");
  command.add_option("--alg", options.algorithm, "The algorithm (default: what fits the key)")
      ->type_name("A");
  command.add_option("--kid", options.key_id, "The key's id (default: the JWK's own)")
      ->type_name("K");
  command.add_option("--lifetime", options.lifetime, "Seconds until it expires (default: 120)")
      ->type_name("N");
  command.add_flag("--no-jti", options.without_jti, "Leave the jti out");
  command.add_option("--claim", options.claims, "A further claim; the value is JSON, or else text")
      ->type_name("K=V");
}

std::string sign_assertion(const AssertionOptions& options, TimePoint now) {
  const auto key = jose::parse_private_key(read_file(options.key_file));
  if (!key) throw CommandFault(fmt::format("{}: {}", options.key_file, key.error().what));
  const jose::Algorithm algorithm = algorithm_of(options, *key);

  json::object header{{"alg", name(algorithm)}, {"typ", "JWT"}};
  set(header, "kid", options.key_id ? options.key_id : key->public_key().key_id());
  const std::string input =
      jose::signing_input(json::serialize(header), json::serialize(claims_of(options, now)));
  const std::string signature = key->sign(algorithm, input);
  if (signature.empty())
    throw CommandFault(
        fmt::format("{} does not fit the key in {}", name(algorithm), options.key_file));
  return input + '.' + base64url_encode(signature);
}

} // namespace assay::cli
