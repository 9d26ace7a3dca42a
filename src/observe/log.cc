#include "observe/log.h"

#include <chrono>
#include <string>
#include <utility>

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/assert.h"
#include "base/clock.h"
#include "observe/json_line.h"

namespace assay::observe {

namespace {

using Level = spdlog::level::level_enum;

Level level_of(LogLevel level) {
  switch (level) {
  case LogLevel::debug: return Level::debug;
  case LogLevel::info: return Level::info;
  case LogLevel::warning: return Level::warn;
  case LogLevel::error: return Level::err;
  }
  ASSAY_ASSERT(false, "a LogLevel");
}

std::string_view name_of(Level level) {
  switch (level) {
  case Level::debug: return "debug";
  case Level::warn: return "warning";
  case Level::err: return "error";
  default: return "info"; // spdlog's own other levels are not in use
  }
}

std::string time_of(const spdlog::details::log_msg& message) {
  return rfc3339(std::chrono::time_point_cast<std::chrono::microseconds>(message.time));
}

std::string_view text_of(const spdlog::details::log_msg& message) {
  return {message.payload.data(), message.payload.size()};
}

// 2026-01-31T09:30:00.250Z warning what happened
class TextLines final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    std::string line = time_of(message);
    line += ' ';
    line += name_of(message.level);
    line += ' ';
    for (const char character : text_of(message)) {
      const auto byte = static_cast<unsigned char>(character);
      line += byte < 0x20U || byte == 0x7FU ? ' ' : character;
    }
    line += '\n';
    to.append(line);
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<TextLines>();
  }
};

class JsonLines final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& to) override {
    constexpr std::size_t kMessageCharactersMax = 10'000;
    JsonLine line;
    line.text("time", time_of(message));
    line.text("level", name_of(message.level));
    line.text("message", text_of(message), kMessageCharactersMax);
    to.append(std::move(line).finish() + '\n');
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonLines>();
  }
};

std::unique_ptr<spdlog::formatter> formatter_of(LogFormat format) {
  switch (format) {
  case LogFormat::text: return std::make_unique<TextLines>();
  case LogFormat::json: return std::make_unique<JsonLines>();
  }
  ASSAY_ASSERT(false, "a LogFormat");
}

} // namespace

class Log::Sink {
public:
  Sink(LogLevel level, LogFormat format)
      : logger_("assay", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_formatter(formatter_of(format));
    set_level(level);
  }

  void set_level(LogLevel level) { logger_.set_level(level_of(level)); }

  void write(LogLevel level, std::string_view message) {
    logger_.log(level_of(level), spdlog::string_view_t(message.data(), message.size()));
  }

private:
  spdlog::logger logger_;
};

Log::Log(LogLevel level, LogFormat format) : sink_(std::make_unique<Sink>(level, format)) {}

Log::~Log() = default;

void Log::set_level(LogLevel level) { sink_->set_level(level); }

void Log::debug(std::string_view message) { sink_->write(LogLevel::debug, message); }

void Log::info(std::string_view message) { sink_->write(LogLevel::info, message); }

void Log::warning(std::string_view message) { sink_->write(LogLevel::warning, message); }

void Log::error(std::string_view message) { sink_->write(LogLevel::error, message); }

} // namespace assay::observe
