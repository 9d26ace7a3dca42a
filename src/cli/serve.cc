// assay serve: the server.
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/program.h"
#include "cli/workplace.h"
#include "observe/log.h"
#include "server/lifecycle.h"

namespace assay::cli {

namespace {

// For SIGHUP: what is wrong with the new settings goes to the log, and the old ones stay.
std::optional<server::Settings> read_again(const WorkplaceOptions& options, observe::Log& log) {
  try {
    return Workplace(options).settings();
  } catch (const CommandFault& fault) {
    log.error(fmt::format("the old settings stay in force: {}", fault.what()));
    return std::nullopt;
  }
}

int serve(const WorkplaceOptions& options) {
  const Workplace workplace(options);
  const server::LogSettings& logging = workplace.settings().log;
  observe::Log log(logging.level, logging.format);
  server::serve(workplace.settings(), workplace.folder(), log,
                [&] { return read_again(options, log); });
  return kDone;
}

} // namespace

void add_serve(CLI::App& program, Chosen& chosen) {
  CLI::App* command = program.add_subcommand(
      "serve", "Run the server: SIGTERM ends it, SIGHUP reads the config again");
  const auto options = std::make_shared<WorkplaceOptions>();
  add_workplace_options(*command, *options);
  command->callback(choose(chosen, options, serve));
}

} // namespace assay::cli
