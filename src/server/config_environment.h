// Settings from environment variables: ASSAY_ and the setting's path in capitals, joined by `_`,
// list items by index. `..._FILE` names a file that holds the value.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "server/config_fault.h"
#include "server/config_tree.h"

namespace assay::server {

using Environment = std::map<std::string, std::string>;

// The variables of this process whose names begin with ASSAY_. Nothing may change its environment
// meanwhile.
Environment process_environment();

// Puts the variables' values, which are YAML, into the tree, over what the file says. A name that
// is no setting's is a fault; names that do not begin with ASSAY_ count for nothing.
void apply_environment(const Environment& environment, ConfigNode& tree, ConfigFaults& faults);

// ASSAY_TOKEN_SERVICES_0_ACCESS_TOKEN_LENGTH, from "token_services[].access_token.length" and 0.
std::string variable_name(std::string_view setting_path, std::size_t service);

} // namespace assay::server
