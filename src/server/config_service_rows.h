// The settings of a token service, as rows of the table (server/config_table.h).
#pragma once

#include <vector>

#include "server/config_table.h"

namespace assay::server {

// In the order in which they are documented.
std::vector<Setting> token_service_rows();

} // namespace assay::server
