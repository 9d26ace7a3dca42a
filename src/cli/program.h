// The command line: which commands there are, and how each begins and ends.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

namespace assay::cli {

// What commands return: scripts depend on these.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1; // or not found
inline constexpr int kWrongUsage = 2;

// Ends a command with a sentence for a person, on standard error.
class CommandFault final : public std::runtime_error {
public:
  explicit CommandFault(const std::string& sentence, int exit_code = kRefused)
      : std::runtime_error(sentence), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

private:
  int exit_code_;
};

// The command that the arguments chose; each subcommand's callback sets it.
using Chosen = std::function<int()>;

// For CLI::App::callback: chooses `run` on these options, which the arguments have filled by then.
template <class Options, class Run>
auto choose(Chosen& chosen, const std::shared_ptr<Options>& options, Run run) {
  return [&chosen, options, run = std::move(run)] {
    chosen = [options, run] { return run(*options); };
  };
}

// One a file.
void add_serve(CLI::App& program, Chosen& chosen);
void add_demo(CLI::App& program, Chosen& chosen);
void add_app(CLI::App& program, Chosen& chosen);
void add_scope(CLI::App& program, Chosen& chosen);
void add_key(CLI::App& program, Chosen& chosen);
void add_registration(CLI::App& program, Chosen& chosen);
void add_jwt(CLI::App& program, Chosen& chosen);
void add_token(CLI::App& program, Chosen& chosen);
void add_store(CLI::App& program, Chosen& chosen);
void add_explain(CLI::App& program, Chosen& chosen);
void add_config(CLI::App& program, Chosen& chosen);

int run_program(int argument_count, const char* const* arguments);

} // namespace assay::cli
