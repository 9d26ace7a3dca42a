// From the settings to a running server, and to its orderly end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "observe/log.h"
#include "server/settings.h"

namespace assay::server {

// Reads the settings again, for SIGHUP; none if they are bad (it has said why in the log).
using ReadSettings = std::function<std::optional<Settings>()>;

// Serves until SIGTERM or SIGINT: then accepts nothing new, answers what is in flight, and returns;
// a second signal ends it at once. SIGHUP reads the settings again; what cannot change while it
// runs is kept, and said so in the log. Prints the ready line to standard output. Throws
// Unavailable or std::system_error when it cannot begin.
void serve(const Settings& settings, const std::filesystem::path& folder, observe::Log& log,
           const ReadSettings& read_again);

} // namespace assay::server
