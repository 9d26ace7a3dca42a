#include "cli/program.h"

#include <cstdio>
#include <exception>

#include <fmt/format.h>

namespace assay::cli {

namespace {

int run_chosen(const Chosen& chosen) {
  try {
    return chosen();
  } catch (const CommandFault& fault) {
    fmt::print(stderr, "assay: {}\n", fault.what());
    return fault.exit_code();
  } catch (const std::exception& fault) {
    fmt::print(stderr, "assay: {}\n", fault.what());
    return kRefused;
  }
}

} // namespace

int run_program(int argument_count, const char* const* arguments) {
  CLI::App program(
      "Assay: a token server for machines. A workload signs a JWT with its own key and "
      "gets an OAuth 2.0 access token for it.",
      "assay");
  program.set_version_flag("--version", "assay " ASSAY_VERSION);
  program.require_subcommand(1);
  program.get_formatter()->column_width(34);

  Chosen chosen;
  add_serve(program, chosen);
  add_demo(program, chosen);
  add_app(program, chosen);
  add_scope(program, chosen);
  add_key(program, chosen);
  add_registration(program, chosen);
  add_jwt(program, chosen);
  add_token(program, chosen);
  add_store(program, chosen);
  add_explain(program, chosen);
  add_config(program, chosen);

  try {
    program.parse(argument_count, arguments);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kDone : kWrongUsage;
  }
  return run_chosen(chosen);
}

} // namespace assay::cli
