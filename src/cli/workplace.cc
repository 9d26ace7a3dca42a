#include "cli/workplace.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "cli/program.h"
#include "server/port_file.h"

namespace assay::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDefaultFolder = "assay-data";
constexpr mode_t kFolderMode = 0700;

fs::path chosen_folder(const std::string& option) {
  if (!option.empty()) return option;
  const char* variable = std::getenv("STATE_DIRECTORY");
  if (!variable || !*variable) return kDefaultFolder;
  // systemd joins several of them with colons (systemd.exec(5)).
  const std::string folders = variable;
  return folders.substr(0, folders.find(':'));
}

// What is in it is nobody else's to read; a folder that is there already has an owner who knows.
fs::path made_folder(fs::path folder) {
  // Of `data/` the parent would be the folder itself, made with another mode.
  if (!folder.has_filename()) folder = folder.parent_path();
  std::error_code error;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  if (!error && ::mkdir(folder.c_str(), kFolderMode) != 0) {
    error = {errno, std::generic_category()};
    std::error_code unknown;
    if (error == std::errc::file_exists)
      error = fs::is_directory(folder, unknown) ? std::error_code()
                                                : make_error_code(std::errc::not_a_directory);
  }
  if (error) throw CommandFault(fmt::format("{}: {}", folder.string(), error.message()));
  return folder;
}

server::Settings as_served(const server::Settings& settings, const fs::path& folder) {
  const auto port = settings.listen.port == 0 ? server::port_taken(folder) : settings.listen.port;
  return port ? server::with_port(settings, *port) : settings;
}

} // namespace

void add_workplace_options(CLI::App& command, WorkplaceOptions& options) {
  command.add_option("--config", options.config, "The config (default: none, so the defaults)")
      ->type_name("FILE");
  command
      .add_option("--data", options.data,
                  "The data folder (default: $STATE_DIRECTORY, or ./assay-data)")
      ->type_name("DIR");
}

server::Config read_config(const WorkplaceOptions& options) {
  std::optional<fs::path> file;
  if (!options.config.empty()) file = options.config;
  auto config = server::read_config(file, server::process_environment());
  if (!config) throw CommandFault("the config is refused\n" + server::to_text(config.error()));
  return *std::move(config);
}

Workplace::Workplace(const WorkplaceOptions& options)
    : settings_(read_config(options).settings), folder_(made_folder(chosen_folder(options.data))),
      as_served_(as_served(settings_, folder_)) {}

const oauth::TokenServiceSettings& Workplace::service(const std::string& path) const {
  const auto& services = as_served_.token_services;
  if (path.empty()) return services.front();
  const auto found = std::ranges::find(services, path, &oauth::TokenServiceSettings::path);
  if (found == services.end())
    throw CommandFault(fmt::format("there is no token service at {}", path));
  return *found;
}

std::unique_ptr<registry::PropertyStore> Workplace::open_registry() const {
  if (stores::lives_in_memory(settings_.stores.registry))
    throw CommandFault("the registry is in memory: only the running server holds it");
  return stores::open_property_store(settings_.stores.registry, folder_);
}

stores::OpenTokenStore Workplace::open_tokens() const {
  if (tokens_in_memory())
    throw CommandFault("the tokens are in memory: only the running server holds them");
  return stores::open_token_store(settings_.stores.tokens, folder_);
}

bool Workplace::tokens_in_memory() const {
  return stores::lives_in_memory(settings_.stores.tokens);
}

} // namespace assay::cli
