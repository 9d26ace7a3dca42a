// assay store: the versions of the stores, and how they are brought up to date.
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/store_copy.h"
#include "cli/workplace.h"
#include "stores/store_versions.h"

namespace assay::cli {

namespace {

using stores::StoreRole;
using stores::StoreVersions;

struct StoreOptions {
  WorkplaceOptions workplace;
  bool as_json = false;
};

struct NamedStore {
  std::string_view name;
  StoreRole role;
  std::string url;
};

std::array<NamedStore, 3> stores_of(const Workplace& workplace) {
  const server::StoreSettings& settings = workplace.settings().stores;
  return {NamedStore{"registry", StoreRole::registry, settings.registry},
          NamedStore{"tokens", StoreRole::tokens, settings.tokens},
          NamedStore{"usage", StoreRole::usage, settings.usage}};
}

std::string_view state_of(const std::optional<StoreVersions>& versions) {
  if (!versions) return "needs no migration";
  if (!versions->is_served()) return "is of a newer version of this program";
  return versions->is_current() ? "is up to date" : "is to be migrated";
}

void print(const NamedStore& store, const std::optional<StoreVersions>& versions) {
  fmt::print("{:<9} {}\n", store.name, stores::shown_store_url(store.url));
  if (versions)
    fmt::print("          version {} of {}: {}\n", versions->of_store, versions->of_program,
               state_of(versions));
  else
    fmt::print("          {}\n", state_of(versions));
}

json::object to_json(const NamedStore& store, const std::optional<StoreVersions>& versions) {
  json::object members{{"store", store.name}, {"url", stores::shown_store_url(store.url)}};
  if (versions) {
    members["version"] = versions->of_store;
    members["program_version"] = versions->of_program;
    members["compatible_from"] = versions->compatible_from;
  }
  members["state"] = state_of(versions);
  return members;
}

// Refused if the server would not start on one of them, or would change it first.
int status(const StoreOptions& options) {
  const Workplace workplace(options.workplace);
  bool is_good = true;
  json::array entries;
  for (const NamedStore& store : stores_of(workplace)) {
    const auto versions = stores::store_versions(store.role, store.url);
    is_good = is_good && (!versions || (versions->is_current() && versions->is_served()));
    if (options.as_json)
      entries.push_back(to_json(store, versions));
    else
      print(store, versions);
  }
  if (options.as_json)
    fmt::print("{}\n", json::serialize(json::object{{"stores", std::move(entries)}}));
  return is_good ? kDone : kRefused;
}

int migrate(const StoreOptions& options) {
  const Workplace workplace(options.workplace);
  for (const NamedStore& store : stores_of(workplace))
    stores::migrate_store(store.role, store.url);
  return status(options);
}

} // namespace

void add_store(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("store", "Bring the stores up to date");
  group->require_subcommand(1);
  const auto options = std::make_shared<StoreOptions>();
  const auto add = [&](const std::string& name, const std::string& help,
                       int (*run)(const StoreOptions&)) {
    CLI::App* command = group->add_subcommand(name, help)->callback(choose(chosen, options, run));
    add_workplace_options(*command, options->workplace);
    command->add_flag("--json", options->as_json, "Print JSON");
  };
  add_store_copy(*group, chosen);
  add("status", "Print the version of each store; exit code 1 if one is not up to date", status);
  add("migrate", "Bring all stores up to this program's version, while nodes may be running",
      migrate);
}

} // namespace assay::cli
