// The config file in JSON Schema, draft 2020-12, for editors.
#pragma once

#include "base/strict_json.h"

namespace assay::server {

json::object config_schema();

} // namespace assay::server
