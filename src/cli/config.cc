// assay config: whether a config is good, what it comes to, and what there is to set.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/strict_json.h"
#include "cli/program.h"
#include "cli/workplace.h"
#include "server/config.h"
#include "server/config_page.h"
#include "server/config_sample.h"
#include "server/config_schema.h"
#include "server/config_yaml.h"

namespace assay::cli {

namespace {

struct ConfigOptions {
  WorkplaceOptions workplace;
  bool as_json = false;
};

int check(const ConfigOptions& options) {
  read_config(options.workplace);
  fmt::print("the config is good\n");
  return kDone;
}

void print_text(const server::Config& config) {
  std::size_t path_width = 0;
  std::size_t value_width = 0;
  for (const auto& setting : config.effective) {
    path_width = std::max(path_width, setting.path.size());
    value_width = std::max(value_width, server::to_yaml(setting.value).size());
  }
  for (const auto& setting : config.effective)
    fmt::print("{:<{}}  {:<{}}  # {}\n", setting.path + ":", path_width + 1,
               server::to_yaml(setting.value), value_width, setting.origin);
}

void print_json(const server::Config& config) {
  json::array entries;
  for (const auto& setting : config.effective)
    entries.push_back(
        {{"setting", setting.path}, {"value", setting.value}, {"origin", setting.origin}});
  fmt::print("{}\n", json::serialize(json::object{{"settings", std::move(entries)}}));
}

int show(const ConfigOptions& options) {
  const server::Config config = read_config(options.workplace);
  if (options.as_json)
    print_json(config);
  else
    print_text(config);
  return kDone;
}

int print_schema(const ConfigOptions&) {
  fmt::print("{}\n", json::serialize(server::config_schema()));
  return kDone;
}

int print_page(const ConfigOptions&) {
  fmt::print("{}", server::settings_page());
  return kDone;
}

int print_sample(const ConfigOptions&) {
  fmt::print("{}", server::sample_config());
  return kDone;
}

using Run = int (*)(const ConfigOptions&);

} // namespace

void add_config(CLI::App& program, Chosen& chosen) {
  CLI::App* group = program.add_subcommand("config", "Check the config, and show what can be set");
  group->require_subcommand(1);
  const auto options = std::make_shared<ConfigOptions>();
  const auto add = [&](const std::string& name, const std::string& help, Run run) {
    return group->add_subcommand(name, help)->callback(choose(chosen, options, run));
  };

  add_workplace_options(
      *add("check", "Say whether it is good, or all that is wrong with it", check),
      options->workplace);
  CLI::App* shows = add("show", "Print all settings, and where each comes from", show);
  add_workplace_options(*shows, options->workplace);
  shows->add_flag("--json", options->as_json, "Print JSON");
  add("schema", "Print the JSON Schema of the file", print_schema);
  add("docs", "Print the page of the settings, in Markdown", print_page);
  add("sample", "Print a file with every setting at its default", print_sample);
}

} // namespace assay::cli
