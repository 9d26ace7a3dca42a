// assay token: get one, count them, revoke one, forget the expired.
#include <memory>
#include <optional>

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

namespace assay::cli {

namespace {

struct TokenOptions {
  WorkplaceOptions workplace;
  AssertionOptions assertion;
  std::string url;
  std::optional<std::string> client_id;
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

int count(const TokenOptions& options) {
  const Workplace workplace(options.workplace);
  const auto tokens = workplace.open_tokens();
  const auto live = tokens.catalogue().count(options.client_id, system_now());
  if (options.as_json)
    fmt::print("{}\n",
               json::serialize(json::object{{"access", live.access}, {"refresh", live.refresh}}));
  else
    fmt::print("access  {}\nrefresh {}\n", live.access, live.refresh);
  return kDone;
}

int revoke(const TokenOptions& options) {
  const Workplace workplace(options.workplace);
  const auto tokens = workplace.open_tokens();
  const std::string text = argument_or_input(options.token);
  const bool revoked = wait_for(tokens.store().revoke(oauth::token_key(text), system_now()));
  if (!revoked) throw CommandFault("there is no such live token");
  fmt::print("revoked\n");
  return kDone;
}

int purge(const TokenOptions& options) {
  const Workplace workplace(options.workplace);
  const auto tokens = workplace.open_tokens();
  const auto purged = tokens.catalogue().purge(system_now());
  if (options.as_json)
    fmt::print("{}\n",
               json::serialize(json::object{{"tokens", purged.tokens}, {"claims", purged.claims}}));
  else
    fmt::print("forgot {} expired tokens and {} used assertions\n", purged.tokens, purged.claims);
  return kDone;
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
  add_on_store("count", "Count the live tokens", count)
      ->add_option("--app", options->client_id, "Only those of this application")
      ->type_name("ID");
  add_on_store("revoke", "Revoke a token; a refresh token takes its access tokens along", revoke)
      ->add_option("TOKEN", options->token, "The token, or - for standard input");
  add_on_store("purge", "Forget what has expired now, without waiting for the server to do it",
               purge);
}

} // namespace assay::cli
