#include "server/config_names.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace assay::server {

namespace {

// How many characters have to be put in, left out or exchanged (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t exchanged = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// Names are short; what is longer is no slip of the pen, and costs its length squared.
constexpr std::size_t kNameBytesMax = 128;

} // namespace

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> known) {
  const std::string_view compared = name.substr(0, kNameBytesMax);
  std::optional<std::string> nearest;
  std::size_t least = 0;
  for (const std::string& each : known) {
    const std::size_t strokes = distance(compared, each);
    if (strokes > std::max<std::size_t>(2, each.size() / 3)) continue;
    if (nearest && strokes >= least) continue;
    nearest = each;
    least = strokes;
  }
  return nearest;
}

} // namespace assay::server
