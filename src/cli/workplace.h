// What most commands work on: the settings and the stores that --config and --data name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "oauth/token_service_settings.h"
#include "registry/property_store.h"
#include "server/config.h"
#include "server/settings.h"
#include "stores/open.h"

namespace assay::cli {

// The two options that every such command has.
struct WorkplaceOptions {
  std::string config;
  std::string data;
};

void add_workplace_options(CLI::App& command, WorkplaceOptions& options);

// The config and the environment. Throws CommandFault with every fault, one a line.
server::Config read_config(const WorkplaceOptions& options);

// Works beside a running server: both open the same stores.
class Workplace {
public:
  // Reads the config; makes the data folder. Throws CommandFault.
  explicit Workplace(const WorkplaceOptions& options);

  // As they are written: `${port}` still stands in them.
  const server::Settings& settings() const { return settings_; }
  const std::filesystem::path& folder() const { return folder_; }

  // The service at `path`, as the server has it, so with the port for `${port}` if the settings or
  // a running server tell it; the first one if `path` is empty. Throws CommandFault if there is
  // none.
  const oauth::TokenServiceSettings& service(const std::string& path) const;

  // Both throw CommandFault for a store that lives in the server's memory.
  std::unique_ptr<registry::PropertyStore> open_registry() const;
  stores::OpenTokenStore open_tokens() const;

  bool tokens_in_memory() const;

private:
  server::Settings settings_;
  std::filesystem::path folder_;
  server::Settings as_served_;
};

} // namespace assay::cli
