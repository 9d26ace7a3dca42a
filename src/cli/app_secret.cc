#include "cli/app_secret.h"

#include <fmt/format.h>

#include "cli/program.h"
#include "cli/text_input.h"
#include "crypto/password_hash.h"
#include "crypto/random.h"
#include "registry/client_secret.h"

namespace assay::cli {

namespace {

// One line, as an editor or `echo` ends it.
Secret chosen_secret(const std::string& file) {
  std::string text = file == "-" ? argument_or_input(file) : read_file(file);
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.pop_back();
  Secret secret(std::move(text));
  const std::size_t bytes = secret.reveal().size();
  if (bytes < registry::kChosenSecretBytesMin || bytes > registry::kChosenSecretBytesMax)
    throw CommandFault(fmt::format("{}: a secret has {} to {} bytes; this one has {}", file,
                                   registry::kChosenSecretBytesMin, registry::kChosenSecretBytesMax,
                                   bytes));
  return secret;
}

GivenSecret kept_secret(const SecretOptions& options) {
  if (!options.file.empty()) {
    const auto hash = crypto::PasswordHash::of(chosen_secret(options.file).reveal());
    return {json::object{{"argon2id", hash.text()}}, std::nullopt};
  }
  registry::NewSecret secret = registry::make_client_secret(crypto::secure_random);
  const auto& digest = std::get<crypto::Digest>(secret.registered.kept);
  return {json::object{{"sha256", digest.hex()}}, std::move(secret.text)};
}

} // namespace

void add_secret_options(CLI::App& command, SecretOptions& options) {
  CLI::Option* generated =
      command.add_flag("--secret", options.generated,
                       "Make a client secret and show it, this once; the two newest are live");
  command
      .add_option("--secret-file", options.file,
                  "File with a client secret of your own (- for standard input), kept as an "
                  "Argon2id hash; rather have one made")
      ->type_name("FILE")
      ->excludes(generated);
  command
      .add_option("--secret-not-after", options.not_after,
                  "When the secret given now ends, as 2027-01-31T09:30:00Z")
      ->type_name("TIME");
}

std::optional<GivenSecret> given_secret(const SecretOptions& options) {
  if (!options.generated && options.file.empty()) {
    if (!options.not_after.empty())
      throw CommandFault("--secret-not-after goes with --secret or --secret-file");
    return std::nullopt;
  }
  GivenSecret secret = kept_secret(options);
  if (!options.not_after.empty()) secret.kept["not_after"] = options.not_after;
  return secret;
}

void put_secret(const GivenSecret& secret, json::object& record) {
  constexpr std::size_t kLiveSecretsMax = 2;
  json::value& secrets = record["secrets"];
  if (!secrets.is_array()) secrets = json::array();
  json::array& list = secrets.as_array();
  while (list.size() >= kLiveSecretsMax)
    list.erase(list.begin());
  list.push_back(secret.kept);
}

} // namespace assay::cli
