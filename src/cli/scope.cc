// assay scope: the scope library.
#include <memory>

#include <fmt/format.h>

#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/workplace.h"
#include "registry/scope_library.h"

namespace assay::cli {

namespace {

struct ScopeOptions {
  WorkplaceOptions workplace;
  registry::Scope scope;
  bool as_json = false;
};

json::object to_json(const registry::Scope& scope) {
  return {{"name", scope.name}, {"description", scope.description}};
}

void print(const registry::Scope& scope, bool as_json) {
  if (as_json)
    fmt::print("{}\n", json::serialize(to_json(scope)));
  else
    fmt::print("{:<32} {}\n", scope.name, scope.description);
}

int put(const ScopeOptions& options, registry::ScopeLibrary& library) {
  if (!library.put(options.scope))
    throw CommandFault(
        "a scope's name has 1 to 128 characters of RFC 6749 section 3.3, its description "
        "at most 500 bytes");
  print(options.scope, options.as_json);
  return kDone;
}

int list(const ScopeOptions& options, registry::ScopeLibrary& library) {
  const auto scopes = library.list();
  if (!options.as_json) {
    for (const auto& scope : scopes)
      print(scope, false);
    return kDone;
  }
  json::array entries;
  for (const auto& scope : scopes)
    entries.push_back(to_json(scope));
  fmt::print("{}\n", json::serialize(json::object{{"scopes", std::move(entries)}}));
  return kDone;
}

int show(const ScopeOptions& options, registry::ScopeLibrary& library) {
  const auto scope = library.find(options.scope.name);
  if (!scope) throw CommandFault(fmt::format("there is no scope {}", options.scope.name));
  print(*scope, options.as_json);
  return kDone;
}

int remove(const ScopeOptions& options, registry::ScopeLibrary& library) {
  if (!library.remove(options.scope.name))
    throw CommandFault(fmt::format("there is no scope {}", options.scope.name));
  return kDone;
}

using Run = int (*)(const ScopeOptions&, registry::ScopeLibrary&);

int with_library(const ScopeOptions& options, Run run) {
  const Workplace workplace(options.workplace);
  const auto store = workplace.open_registry();
  registry::ScopeLibrary library(*store);
  return run(options, library);
}

} // namespace

void add_scope(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("scope", "Describe scopes in the scope library");
  group->require_subcommand(1);
  const auto options = std::make_shared<ScopeOptions>();
  const auto add = [&](const std::string& name, const std::string& help, Run run) {
    CLI::App* command = group->add_subcommand(name, help);
    add_workplace_options(*command, options->workplace);
    command->add_flag("--json", options->as_json, "Print JSON");
    command->callback(choose(
        chosen, options, [run](const ScopeOptions& given) { return with_library(given, run); }));
    return command;
  };
  const auto with_name = [&](CLI::App* command) {
    command->add_option("NAME", options->scope.name, "The scope")->required();
    return command;
  };

  with_name(add("create", "Add a scope, or change its description", put))
      ->add_option("--description", options->scope.description, "What it allows");
  add("list", "List all scopes", list);
  with_name(add("show", "Show one scope", show));
  with_name(add("delete", "Remove one from the library; applications keep it", remove));
}

} // namespace assay::cli
