// assay store copy: moves registry and tokens to another engine while nodes serve.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/program.h"

namespace assay::cli {

void add_store_copy(CLI::App& group, Chosen& chosen);

} // namespace assay::cli
