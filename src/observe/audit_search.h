// Finding one decision in a file that an AuditLog wrote.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/strict_json.h"

namespace assay::observe {

// The line of that request, looked for from the end of the file on, where the question usually is.
// None if there is none. Lines that are no JSON, since something cut them short, are passed over.
// Reads the file: blocks. Throws Unavailable when it cannot be read.
std::optional<json::object> find_audit_line(const std::filesystem::path& file,
                                            std::string_view request_id);

} // namespace assay::observe
