// What settings must be to each other.
#pragma once

#include "server/config_fault.h"
#include "server/config_reader.h"

namespace assay::server {

// Notes a fault for two settings that do not go together: at the later of them, unless only the
// earlier one was set; and for one without another that it needs. Settings that were refused by
// themselves are left out.
void check_consistency(const ConfigReading& reading, ConfigFaults& faults);

} // namespace assay::server
