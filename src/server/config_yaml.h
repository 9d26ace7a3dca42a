// A value of a setting as YAML.
#pragma once

#include <string>

#include "base/strict_json.h"

namespace assay::server {

// On one line. Texts have quotes only where YAML would take them for something else without.
std::string to_yaml(const json::value& value);

} // namespace assay::server
