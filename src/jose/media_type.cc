#include "jose/media_type.h"

#include <algorithm>
#include <cctype>

namespace assay::jose {

namespace {

bool same(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

} // namespace

bool same_media_type(std::string_view sent, std::string_view wanted) {
  constexpr std::string_view kPrefix = "application/";
  if (sent.size() > kPrefix.size() && same(sent.substr(0, kPrefix.size()), kPrefix))
    sent.remove_prefix(kPrefix.size());
  return same(sent, wanted);
}

} // namespace assay::jose
