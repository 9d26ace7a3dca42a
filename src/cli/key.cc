// assay key: the keys that the server signs with.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/workplace.h"
#include "crypto/random.h"
#include "jose/jwk.h"
#include "registry/signing_key_editor.h"
#include "server/key_encryption.h"
#include "server/policies.h"
#include "stores/file/durable_file.h"

namespace assay::cli {

namespace {

using registry::SigningKeyRow;
using registry::SigningKeyState;

constexpr std::string_view kPemEnding = ".pem";

using Perms = std::filesystem::perms;
constexpr Perms kForEverybodyToRead =
    Perms::owner_read | Perms::owner_write | Perms::group_read | Perms::others_read;

struct KeyOptions {
  WorkplaceOptions workplace;
  std::string key_id;
  std::string algorithm = "ES256";
  std::string pem_folder;
  bool at_once = false;
  bool as_json = false;
};

json::object to_json(const SigningKeyRow& row, TimePoint now) {
  json::object object{{"kid", row.id},
                      {"alg", name(row.algorithm)},
                      {"state", name(row.state_at(now))},
                      {"created_at", rfc3339(row.created_at)},
                      {"signs_from", rfc3339(row.signs_from)}};
  if (row.signs_until) object["signs_until"] = rfc3339(*row.signs_until);
  if (row.gone_at) object["gone_at"] = rfc3339(*row.gone_at);
  return object;
}

// When the next state begins, if that is known.
std::string next_of(const SigningKeyRow& row, TimePoint now) {
  switch (row.state_at(now)) {
  case SigningKeyState::announced: return "signs from " + rfc3339(row.signs_from);
  case SigningKeyState::signing:
    return row.signs_until ? "signs until " + rfc3339(*row.signs_until) : "";
  case SigningKeyState::retired: return "gone at " + rfc3339(*row.gone_at);
  case SigningKeyState::gone: return "gone since " + rfc3339(*row.gone_at);
  }
  return "";
}

void print(const SigningKeyRow& row, TimePoint now) {
  fmt::print("{:<44} {:<6} {:<10} {}\n", row.id, name(row.algorithm), name(row.state_at(now)),
             next_of(row, now));
}

// One file a published key, and none of a key that is not: who checks tokens by files trusts what
// lies there.
void write_pem_files(const std::vector<SigningKeyRow>& rows, const std::filesystem::path& folder,
                     TimePoint now) {
  std::filesystem::create_directories(folder);
  for (const SigningKeyRow& row : rows) {
    const auto path = folder / (row.id + std::string(kPemEnding));
    if (row.state_at(now) == SigningKeyState::gone) {
      std::filesystem::remove(path);
      continue;
    }
    const auto key = jose::parse_jwk(row.public_jwk);
    if (!key) throw CommandFault(fmt::format("{}: {}", row.id, key.error().what));
    stores::replace_file(path, key->to_pem());
    std::filesystem::permissions(path, kForEverybodyToRead);
  }
}

int list(const KeyOptions& options, registry::SigningKeyEditor& editor) {
  const TimePoint now = system_now();
  const auto rows = editor.list();
  if (!options.pem_folder.empty()) write_pem_files(rows, options.pem_folder, now);
  json::array entries;
  for (const SigningKeyRow& row : rows) {
    if (options.as_json)
      entries.push_back(to_json(row, now));
    else
      print(row, now);
  }
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{{"keys", std::move(entries)}}));
  return kDone;
}

int rotate(const KeyOptions& options, registry::SigningKeyEditor& editor) {
  const auto algorithm = jose::algorithm_named(options.algorithm);
  if (!algorithm || !registry::can_sign(*algorithm))
    throw CommandFault("--alg is ES256, EdDSA, RS256 or PS256", kWrongUsage);
  const auto takeover =
      options.at_once ? registry::Takeover::at_once : registry::Takeover::after_announcement;
  const SigningKeyRow successor = editor.rotate(*algorithm, takeover);
  if (options.as_json)
    fmt::print("{}\n", json::serialize(to_json(successor, system_now())));
  else
    print(successor, system_now());
  return kDone;
}

int revoke(const KeyOptions& options, registry::SigningKeyEditor& editor) {
  if (!editor.revoke(options.key_id))
    throw CommandFault(fmt::format("there is no signing key {}", options.key_id));
  return list(options, editor);
}

using Run = int (*)(const KeyOptions&, registry::SigningKeyEditor&);

int with_keys(const KeyOptions& options, Run run) {
  const Workplace workplace(options.workplace);
  const auto store = workplace.open_registry();
  const auto& settings = workplace.settings();
  registry::SigningKeyEditor editor(
      {.store = *store,
       .secret =
           server::key_encryption_secret(settings.signing_keys.encryption_key, workplace.folder()),
       .policy = server::signing_key_policy(settings),
       .random = crypto::secure_random,
       .clock = system_now,
       .report = [](std::string_view id, std::string_view why) {
         fmt::print(stderr, "assay: the row of the signing key {} is of no use: {}\n", id, why);
       }});
  return run(options, editor);
}

} // namespace

void add_key(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("key", "The keys that the server signs with");
  group->require_subcommand(1);
  const auto options = std::make_shared<KeyOptions>();
  const auto add = [&](const std::string& name, const std::string& help, Run run) {
    CLI::App* command = group->add_subcommand(name, help);
    add_workplace_options(*command, options->workplace);
    command->add_flag("--json", options->as_json, "Print JSON");
    command->callback(
        choose(chosen, options, [run](const KeyOptions& given) { return with_keys(given, run); }));
    return command;
  };

  add("list", "List all keys with their states", list)
      ->add_option("--pem", options->pem_folder,
                   "Write KID.pem into it for each published key, and remove those of gone ones")
      ->type_name("DIR");
  CLI::App* rotating = add("rotate", "Announce a successor of the key that signs", rotate);
  rotating->add_option("--alg", options->algorithm, "ES256 (default), EdDSA, RS256 or PS256")
      ->type_name("A");
  rotating->add_flag("--now", options->at_once,
                     "It signs at once: who keeps the key set may refuse its tokens for a while");
  add("revoke", "Take a key out of use at once; another signs in its place", revoke)
      ->add_option("KID", options->key_id, "The key")
      ->required();
}

} // namespace assay::cli
