// The page of the settings for people: docs/settings.md.
#pragma once

#include <string>

namespace assay::server {

// Markdown.
std::string settings_page();

} // namespace assay::server
