#include "base/copy_mark.h"

#include "base/strict_json.h"

namespace assay {

namespace {

constexpr std::string_view kFrom = "from";
constexpr std::string_view kPhase = "phase";
constexpr std::string_view kFollowing = "following";
constexpr std::string_view kCopiedUntil = "copied_until"; // microseconds since 1970

} // namespace

std::string CopyMark::text() const {
  return json::serialize(json::object{{kFrom, from},
                                      {kPhase, kFollowing},
                                      {kCopiedUntil, copied_until.time_since_epoch().count()}});
}

std::optional<CopyMark> CopyMark::parse(std::string_view text) {
  const auto value = parse_strict_json(text);
  const auto* const members = value ? value->if_object() : nullptr;
  if (!members) return std::nullopt;
  const auto* const from = members->if_contains(kFrom);
  const auto* const until = members->if_contains(kCopiedUntil);
  if (!from || !from->is_string() || !until || !until->is_int64()) return std::nullopt;
  return CopyMark{.from = std::string(from->get_string()),
                  .copied_until = TimePoint(std::chrono::microseconds(until->get_int64()))};
}

} // namespace assay
