// assay registration: the tokens that let applications register themselves over HTTP.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/workplace.h"
#include "crypto/random.h"
#include "registry/initial_access_tokens.h"

namespace assay::cli {

namespace {

using registry::InitialAccessToken;

constexpr std::chrono::seconds kLongestLife = std::chrono::days(366);
constexpr std::string_view kAnyNumber = "any";

struct RegistrationOptions {
  WorkplaceOptions workplace;
  std::string id;
  std::string service;
  std::string table;
  std::vector<std::string> scopes, default_scopes, resources;
  std::vector<std::string> grants{"jwt-bearer"};
  std::vector<std::string> auth_methods{"private_key_jwt"};
  std::string life = "24h";
  std::string uses = "1";
  bool dpop_bound = false;
  bool tls_bound = false;
  bool as_json = false;
};

// None unless all of the text is digits that are a number of at least 1.
std::optional<std::int64_t> positive_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::chrono::seconds parse_life(std::string_view text) {
  constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}}};
  const auto unit = std::ranges::find(kUnits, text.empty() ? ' ' : text.back(),
                                      &std::pair<char, std::int64_t>::first);
  const auto number =
      unit == kUnits.end() ? std::nullopt : positive_number(text.substr(0, text.size() - 1));
  // Before the two are multiplied: the product of two large ones is no number.
  if (!number || *number > kLongestLife.count() / unit->second)
    throw CommandFault("--expires is a number of s, m, h or d, such as 24h, up to 366d",
                       kWrongUsage);
  return std::chrono::seconds(*number * unit->second);
}

std::optional<std::int64_t> parse_uses(std::string_view text) {
  if (text == kAnyNumber) return std::nullopt;
  const auto number = positive_number(text);
  if (!number || *number > registry::kRegistrationUsesMax)
    throw CommandFault(
        fmt::format("--uses is a number from 1 to {}, or any", registry::kRegistrationUsesMax),
        kWrongUsage);
  return number;
}

std::vector<registry::RegisteredScope> scopes_of(const RegistrationOptions& options) {
  std::vector<registry::RegisteredScope> scopes;
  scopes.reserve(options.default_scopes.size() + options.scopes.size());
  for (const std::string& name : options.default_scopes)
    scopes.push_back({name, true});
  for (const std::string& name : options.scopes)
    if (std::ranges::find(options.default_scopes, name) == options.default_scopes.end())
      scopes.push_back({name, false});
  return scopes;
}

template <class Value>
std::vector<Value> values_of(const std::vector<std::string>& names, const char* option,
                             std::optional<Value> (*named)(std::string_view)) {
  std::vector<Value> values;
  for (const std::string& name : names) {
    const auto value = named(name);
    if (!value) throw CommandFault(fmt::format("{} {}: there is none", option, name), kWrongUsage);
    values.push_back(*value);
  }
  return values;
}

InitialAccessToken wanted_token(const RegistrationOptions& options, const Workplace& workplace) {
  InitialAccessToken token;
  token.created_at = system_now();
  token.expires_at = token.created_at + parse_life(options.life);
  token.uses_left = parse_uses(options.uses);
  token.registry =
      options.table.empty() ? workplace.service(options.service).registry : options.table;
  token.ceiling.scopes = scopes_of(options);
  token.ceiling.grants = values_of(options.grants, "--grant", &registry::grant_type_named);
  token.ceiling.auth_methods =
      values_of(options.auth_methods, "--auth", &registry::auth_method_named);
  token.ceiling.resources = options.resources;
  token.ceiling.dpop_bound = options.dpop_bound;
  token.ceiling.tls_bound = options.tls_bound;
  return token;
}

// All but the digest.
json::object to_json(const InitialAccessToken& token, TimePoint now) {
  json::object object{{"id", token.id}, {"state", name(token.state_at(now))}};
  for (const auto& [member, value] : to_record(token))
    if (member != "sha256") object[member] = value;
  return object;
}

template <class Enum> std::string names_of(const std::vector<Enum>& values) {
  std::vector<std::string_view> names;
  names.reserve(values.size());
  for (const Enum value : values)
    names.push_back(name(value));
  return fmt::format("{}", fmt::join(names, " "));
}

void print(const InitialAccessToken& token, TimePoint now) {
  std::string scopes;
  for (const auto& scope : token.ceiling.scopes)
    scopes += (scopes.empty() ? "" : " ") + scope.name + (scope.is_default ? "*" : "");
  fmt::print("{} {:<8} until {}, uses left: {}; registry: {}; scopes (* default): {}; grants: {}; "
             "auth_methods: {}; resources: {}{}{}\n",
             token.id, name(token.state_at(now)), rfc3339(token.expires_at),
             token.uses_left ? fmt::to_string(*token.uses_left) : std::string(kAnyNumber),
             token.registry, scopes, names_of(token.ceiling.grants),
             names_of(token.ceiling.auth_methods), fmt::join(token.ceiling.resources, " "),
             token.ceiling.dpop_bound ? "; dpop_bound" : "",
             token.ceiling.tls_bound ? "; tls_bound" : "");
}

int create(const RegistrationOptions& options, const Workplace& workplace,
           registry::InitialAccessTokens& tokens) {
  const auto made =
      registry::make_initial_access_token(wanted_token(options, workplace), crypto::secure_random);
  if (const auto added = tokens.add(made.token); !added)
    throw CommandFault("the token would not be good: " + to_text(added.error()));
  const TimePoint now = system_now();
  if (options.as_json) {
    json::object object = to_json(made.token, now);
    object["initial_access_token"] = made.text.reveal();
    fmt::print("{}\n", json::serialize(object));
    return kDone;
  }
  fmt::print("{}\n", made.text.reveal());
  fmt::print(stderr, "It is shown this once. To take it back: assay registration revoke {}\n",
             made.token.id);
  if (!workplace.settings().registration.enabled)
    fmt::print(stderr, "registration.enabled is false: nobody can use it before that is changed\n");
  return kDone;
}

int list(const RegistrationOptions& options, const Workplace&,
         registry::InitialAccessTokens& tokens) {
  const TimePoint now = system_now();
  json::array entries;
  for (const InitialAccessToken& token : tokens.list()) {
    if (options.as_json)
      entries.push_back(to_json(token, now));
    else
      print(token, now);
  }
  if (options.as_json)
    fmt::print("{}\n",
               json::serialize(json::object{{"initial_access_tokens", std::move(entries)}}));
  return kDone;
}

int revoke(const RegistrationOptions& options, const Workplace&,
           registry::InitialAccessTokens& tokens) {
  if (!tokens.revoke(options.id))
    throw CommandFault(fmt::format("there is no initial access token {}", options.id));
  return kDone;
}

using Run = int (*)(const RegistrationOptions&, const Workplace&, registry::InitialAccessTokens&);

int with_tokens(const RegistrationOptions& options, Run run) {
  const Workplace workplace(options.workplace);
  const auto store = workplace.open_registry();
  registry::InitialAccessTokens tokens(*store);
  return run(options, workplace, tokens);
}

void add_ceiling_options(CLI::App& command, RegistrationOptions& options) {
  command.add_option("--scope", options.scopes, "A scope that a client may register")
      ->type_name("S");
  command
      .add_option("--default-scope", options.default_scopes,
                  "One that it has if it registers none, and gets when it asks for none")
      ->type_name("S");
  command
      .add_option("--grant", options.grants,
                  "jwt-bearer, refresh_token or client_credentials (default: jwt-bearer)")
      ->type_name("G");
  command
      .add_option("--auth", options.auth_methods,
                  "client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, "
                  "self_signed_tls_client_auth or none (default: private_key_jwt)")
      ->type_name("M");
  command
      .add_option("--resource", options.resources,
                  "URI of an API that its tokens may be for (default: those of the service)")
      ->type_name("URI");
  command.add_flag("--dpop-bound", options.dpop_bound,
                   "Its access tokens have to be bound to the key of a DPoP proof");
  command.add_flag("--tls-bound", options.tls_bound,
                   "Its access tokens have to be bound to its client certificate");
}

} // namespace

void add_registration(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand(
      "registration", "Tokens that let applications register themselves over HTTP");
  group->require_subcommand(1);
  const auto options = std::make_shared<RegistrationOptions>();
  const auto add = [&](const std::string& name, const std::string& help, Run run) {
    CLI::App* command = group->add_subcommand(name, help);
    add_workplace_options(*command, options->workplace);
    command->add_flag("--json", options->as_json, "Print JSON");
    command->callback(choose(chosen, options, [run](const RegistrationOptions& given) {
      return with_tokens(given, run);
    }));
    return command;
  };

  CLI::App* creating = add("create", "Make an initial access token; it is shown once", create);
  add_ceiling_options(*creating, *options);
  CLI::Option* service =
      creating
          ->add_option("--service", options->service,
                       "The token service whose registry it is for (default: the first)")
          ->type_name("PATH");
  creating->add_option("--registry", options->table, "The registry's table itself")
      ->type_name("T")
      ->excludes(service);
  creating->add_option("--expires", options->life, "How long it is good (default: 24h)")
      ->type_name("24h");
  creating
      ->add_option("--uses", options->uses,
                   "How many applications it can register, or `any` (default: 1)")
      ->type_name("N");
  add("list", "List them with what they allow", list);
  add("revoke", "Take one back; what it registered stays", revoke)
      ->add_option("ID", options->id, "The part before the dot")
      ->required();
}

} // namespace assay::cli
