// assay token: get one, count them, revoke one or all that somebody has, forget the expired.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/form_text.h"
#include "base/strict_json.h"
#include "cli/assertion_options.h"
#include "cli/blocking.h"
#include "cli/program.h"
#include "cli/text_input.h"
#include "cli/workplace.h"
#include "fetch/http_client.h"
#include "oauth/grants/jwt_bearer.h"
#include "registry/revocation_epochs.h"

namespace assay::cli {

namespace {

struct TokenOptions {
  WorkplaceOptions workplace;
  AssertionOptions assertion;
  std::string url;
  std::vector<std::string> resources;
  std::optional<std::string> client_id;
  std::optional<std::string> subject;
  std::string table;
  std::string token;
  bool as_json = false;
};

int request(const TokenOptions& options) {
  AssertionOptions assertion = options.assertion;
  if (assertion.audiences.empty()) assertion.audiences = {options.url};
  std::string body =
      fmt::format("grant_type={}&assertion={}", form_encode(oauth::kJwtBearerGrantType),
                  sign_assertion(assertion, system_now()));
  if (assertion.scope) body += "&scope=" + form_encode(*assertion.scope);
  for (const std::string& resource : options.resources)
    body += "&resource=" + form_encode(resource);

  const auto answer = fetch::fetch({.url = options.url,
                                    .method = "POST",
                                    .fields = {"Content-Type: application/x-www-form-urlencoded"},
                                    .body = std::move(body)});
  if (!answer) throw CommandFault(fmt::format("{}: {}", options.url, answer.error().what));
  fmt::print("{}\n", answer->body);
  if (answer->status == 200) return kDone;
  for (const auto& [name, value] : answer->fields)
    if (name == "x-correlation-id")
      fmt::print(stderr, "refused with status {}; see: assay explain --request {}\n",
                 answer->status, value);
  return kRefused;
}

// The epochs are those of the application's table, which the service that issued a token knows.
// None if there are none: then the store need not look into each record.
oauth::IsRevoked revoked_by(const registry::RevocationEpochs& epochs,
                            const std::vector<oauth::TokenServiceSettings>& services) {
  if (epochs.empty()) return {};
  return [&](const oauth::TokenRecord& record) {
    const auto service =
        std::ranges::find(services, record.service, &oauth::TokenServiceSettings::path);
    return service != services.end() && epochs.is_revoked(service->registry, record.client_id,
                                                          record.subject, record.granted_at);
  };
}

oauth::TokenCount count_live(const Workplace& workplace,
                             const std::optional<std::string>& client_id) {
  const auto tokens = workplace.open_tokens();
  const server::Settings& settings = workplace.settings();
  if (stores::lives_in_memory(settings.stores.registry)) // and its epochs: the server's alone
    return tokens.catalogue().count(client_id, system_now());
  const auto registry = workplace.open_registry();
  const registry::RevocationEpochs epochs(
      *registry, [](std::string_view key, std::string_view why) {
        fmt::print(stderr, "{}: the row of {} is bad: {}\n", registry::kRevocationTable, key, why);
      });
  return tokens.catalogue().count(client_id, system_now(),
                                  revoked_by(epochs, settings.token_services));
}

int count(const TokenOptions& options) {
  const oauth::TokenCount live = count_live(Workplace(options.workplace), options.client_id);
  if (options.as_json)
    fmt::print("{}\n",
               json::serialize(json::object{{"access", live.access}, {"refresh", live.refresh}}));
  else
    fmt::print("access  {}\nrefresh {}\n", live.access, live.refresh);
  return kDone;
}

// Needs the registry alone: no token is touched, wherever the tokens are.
int revoke_all(const TokenOptions& options) {
  const Workplace workplace(options.workplace);
  const auto store = workplace.open_registry();
  const std::string table = options.table.empty() ? workplace.service({}).registry : options.table;
  const std::string kind = options.client_id ? "application" : "subject";
  const std::string& name = options.client_id ? *options.client_id : *options.subject;
  if (name.empty()) throw CommandFault(fmt::format("the {} has no name", kind));
  // A slip must not look as if something had been revoked.
  if (options.client_id && !store->find(table, name))
    throw CommandFault(fmt::format("there is no application {} in {}", name, table));
  const TimePoint now = system_now();
  registry::RevocationEditor editor(*store);
  if (options.client_id)
    editor.revoke_application(table, name, now);
  else
    editor.revoke_subject(table, name, now);
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{
                           {"table", table}, {kind, name}, {"granted_before", rfc3339(now)}}));
  else
    fmt::print("revoked all tokens of {} {} that were granted before {}\n", kind, name,
               rfc3339(now));
  return kDone;
}

int revoke(const TokenOptions& options) {
  if (options.client_id || options.subject) return revoke_all(options);
  if (!options.table.empty()) throw CommandFault("--table goes with --app or --subject");
  const Workplace workplace(options.workplace);
  const auto tokens = workplace.open_tokens();
  const std::string text = argument_or_input(options.token);
  const bool revoked = wait_for(tokens.store().revoke(oauth::token_key(text), system_now()));
  if (!revoked) throw CommandFault("there is no such live token");
  fmt::print("{}\n", options.as_json ? R"({"revoked":true})" : "revoked");
  return kDone;
}

int purge(const TokenOptions& options) {
  const Workplace workplace(options.workplace);
  const auto tokens = workplace.open_tokens();
  oauth::TokenCatalogue& catalogue = tokens.catalogue();
  const auto purged = catalogue.purge(catalogue.agreed_time(system_now()));
  if (options.as_json)
    fmt::print("{}\n",
               json::serialize(json::object{{"tokens", purged.tokens}, {"claims", purged.claims}}));
  else
    fmt::print("forgot {} expired tokens and {} used assertions\n", purged.tokens, purged.claims);
  return kDone;
}

void add_revocation_options(CLI::App& command, TokenOptions& options) {
  CLI::Option* token = command.add_option("TOKEN", options.token,
                                          "The token, or - for standard input; a refresh token "
                                          "takes all that were made of it along");
  CLI::Option* application =
      command
          .add_option("--app", options.client_id, "All that this application was granted by now")
          ->type_name("ID")
          ->excludes(token);
  command.add_option("--subject", options.subject, "All that were granted for it by now")
      ->type_name("S")
      ->excludes(token)
      ->excludes(application);
  command
      .add_option("--table", options.table,
                  "Where its applications are (default: that of the first token service)")
      ->type_name("NAME")
      ->excludes(token);
}

} // namespace

void add_token(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("token", "Get, count, revoke and purge tokens");
  group->require_subcommand(1);
  const auto options = std::make_shared<TokenOptions>();
  const auto add = [&](const std::string& name, const std::string& help,
                       int (*run)(const TokenOptions&)) {
    return group->add_subcommand(name, help)->callback(choose(chosen, options, run));
  };
  const auto add_on_store = [&](const std::string& name, const std::string& help,
                                int (*run)(const TokenOptions&)) {
    CLI::App* command = add(name, help, run);
    add_workplace_options(*command, options->workplace);
    command->add_flag("--json", options->as_json, "Print JSON");
    return command;
  };

  CLI::App* requesting = add("request", "Sign an assertion and fetch a token for it", request);
  requesting->add_option("--url", options->url, "The token endpoint; also the default of --aud")
      ->type_name("URL")
      ->required();
  add_assertion_options(*requesting, options->assertion);
  requesting
      ->add_option("--resource", options->resources,
                   "URI of an API that the token is for (default: those of the service)")
      ->type_name("URI");
  add_on_store("count", "Count the live tokens", count)
      ->add_option("--app", options->client_id, "Only those of this application")
      ->type_name("ID");
  add_revocation_options(
      *add_on_store("revoke", "Revoke a token, or all of an application or a subject", revoke),
      *options);
  add_on_store("purge", "Forget what has expired now, without waiting for the server to do it",
               purge);
}

} // namespace assay::cli
