// assay explain: why an assertion would be granted or refused, or why a request was.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "base/strict_json.h"
#include "cli/blocking.h"
#include "cli/program.h"
#include "cli/text_input.h"
#include "cli/workplace.h"
#include "oauth/explanation.h"
#include "observe/audit_search.h"
#include "registry/application_registry.h"
#include "registry/key_cache.h"
#include "registry/rfc3339.h"
#include "server/policies.h"

namespace assay::cli {

namespace {

constexpr std::size_t kKeysParsedMax = 100;

struct ExplainOptions {
  WorkplaceOptions workplace;
  std::string assertion;
  std::string request_id;
  std::string service;
  std::optional<std::string> scope;
  std::string at;
  bool as_json = false;
};

TimePoint moment(const ExplainOptions& options) {
  if (options.at.empty()) return system_now();
  if (const auto time = registry::parse_rfc3339(options.at)) return *time;
  throw CommandFault(fmt::format("--at {}: expected a time like 2026-01-31T09:30:00Z", options.at),
                     kWrongUsage);
}

std::optional<bool> look_up(const Workplace& workplace, const oauth::Explanation& explanation,
                            TimePoint now) {
  if (!explanation.claim || workplace.tokens_in_memory()) return std::nullopt;
  const auto tokens = workplace.open_tokens();
  return wait_for(tokens.store().seen(*explanation.claim, now));
}

void print_text(const oauth::Explanation& explanation, bool granted) {
  for (const auto& report : explanation.gates) {
    fmt::print("{:<12} {:<12}", report.gate, name(report.state));
    if (report.reason) fmt::print(" {}", name(*report.reason));
    if (!report.expected.empty()) fmt::print("\n{:>12} expected {}", "", report.expected);
    if (!report.found.empty())
      fmt::print("\n{:>12} {:<8} {}", "",
                 report.state == oauth::GateState::not_reached ? "because" : "found", report.found);
    fmt::print("\n");
  }
  fmt::print("\n{}\n", granted ? "It would be granted." : "It would be refused.");
}

void print_json(const oauth::Explanation& explanation, bool granted) {
  json::array gates;
  for (const auto& report : explanation.gates) {
    json::object entry{{"gate", report.gate},
                       {"state", name(report.state)},
                       {"expected", report.expected},
                       {"found", report.found}};
    if (report.reason) entry["reason"] = name(*report.reason);
    gates.push_back(std::move(entry));
  }
  fmt::print("{}\n",
             json::serialize(json::object{
                 {"granted", granted}, {"scope", explanation.scope}, {"gates", std::move(gates)}}));
}

int explain_assertion(const ExplainOptions& options, const Workplace& workplace) {
  const auto& service = workplace.service(options.service);
  const TimePoint now = moment(options);
  const auto store = workplace.open_registry();
  const registry::ApplicationRegistry applications(
      *store, service.registry, [](std::string_view key, std::string_view why) {
        fmt::print(stderr, "the record of {} is bad: {}\n", key, why);
      });
  registry::KeyCache keys(kKeysParsedMax);

  auto explanation =
      oauth::explain(argument_or_input(options.assertion), options.scope,
                     {.service = service.path,
                      .limits = server::assertion_limits(workplace.settings().limits),
                      .policy = server::assertion_policy(service),
                      .scopes = server::scope_policy(service),
                      .applications = [&](std::string_view id) { return applications.find(id); },
                      .keys = keys},
                     now);
  if (const auto seen = look_up(workplace, explanation, now))
    oauth::judge_replay(explanation, *seen);
  const bool granted = explanation.passed();
  if (options.as_json)
    print_json(explanation, granted);
  else
    print_text(explanation, granted);
  return granted ? kDone : kRefused;
}

int explain_request(const ExplainOptions& options, const Workplace& workplace) {
  const std::string& file = workplace.settings().audit.file;
  if (file == "-") throw CommandFault("the audit log goes to standard output: look there");
  const auto line = observe::find_audit_line(workplace.folder() / file, options.request_id);
  if (!line) throw CommandFault(fmt::format("the audit log has no request {}", options.request_id));
  if (options.as_json) {
    fmt::print("{}\n", json::serialize(*line));
  } else {
    for (const auto& [member, value] : *line) {
      const std::string text =
          value.is_string() ? std::string(value.as_string()) : json::serialize(value);
      fmt::print("{:<20} {}\n", std::string_view(member), text);
    }
  }
  const json::value* outcome = line->if_contains("outcome");
  return outcome && *outcome == "granted" ? kDone : kRefused;
}

int explain(const ExplainOptions& options) {
  const Workplace workplace(options.workplace);
  return options.request_id.empty() ? explain_assertion(options, workplace)
                                    : explain_request(options, workplace);
}

} // namespace

void add_explain(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "explain", "Run an assertion through every gate, or show what became of a request");
  const auto options = std::make_shared<ExplainOptions>();
  add_workplace_options(*command, options->workplace);
  command->add_option("ASSERTION", options->assertion, "The JWT, or - for standard input");
  command->add_option("--request", options->request_id, "The X-Correlation-ID of an answer")
      ->type_name("ID");
  command->add_option("--service", options->service, "The token service (default: the first)")
      ->type_name("PATH");
  command->add_option("--scope", options->scope, "The `scope` parameter of the request")
      ->type_name("S");
  command->add_option("--at", options->at, "Judge as of this time (RFC 3339; default: now)")
      ->type_name("TIME");
  command->add_flag("--json", options->as_json, "Print JSON");
  command->callback(choose(chosen, options, explain));
}

} // namespace assay::cli
