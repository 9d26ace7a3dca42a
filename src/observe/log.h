// The log for operators: what the server does, and what outside it fails. Decisions stand in the
// audit log.
#pragma once

#include <memory>
#include <string_view>

namespace assay::observe {

enum class LogLevel { debug, info, warning, error };
enum class LogFormat { text, json };

// Writes lines to standard error; a message with control characters is one line all the same.
// Thread-safe. Callers never pass secrets: `Secret` does not convert.
class Log {
public:
  Log(LogLevel level, LogFormat format);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void set_level(LogLevel level);

  void debug(std::string_view message);
  void info(std::string_view message);
  void warning(std::string_view message);
  void error(std::string_view message);

private:
  class Sink;
  std::unique_ptr<Sink> sink_;
};

} // namespace assay::observe
