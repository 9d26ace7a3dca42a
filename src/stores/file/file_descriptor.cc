#include "stores/file/file_descriptor.h"

#include <system_error>

#include <fmt/format.h>

#include "base/unavailable.h"

namespace assay::stores {

void throw_unavailable(std::string_view what, const std::filesystem::path& path, int error) {
  throw Unavailable(
      fmt::format("cannot {} {}: {}", what, path.native(), std::generic_category().message(error)));
}

} // namespace assay::stores
