// A config file with every setting at its default: examples/assay.yaml.
#pragma once

#include <string>

namespace assay::server {

// YAML, with what each setting means in comments.
std::string sample_config();

} // namespace assay::server
