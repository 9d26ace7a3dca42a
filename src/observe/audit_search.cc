#include "observe/audit_search.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

#include "base/unavailable.h"
#include "observe/json_line.h"

namespace assay::observe {

namespace {

// The lines of a file, the last one first.
class LinesFromTheEnd {
public:
  explicit LinesFromTheEnd(const std::filesystem::path& file) : stream_(file, std::ios::binary) {
    stream_.seekg(0, std::ios::end);
    unread_ = stream_.tellg();
    if (!stream_) throw Unavailable("cannot read " + file.string());
  }

  // Without its end; valid until the next call. None when all have been given.
  std::optional<std::string_view> next() {
    if (finished_) return std::nullopt;
    for (;;) {
      const std::string_view rest = std::string_view(block_).substr(0, left_);
      const std::size_t before = rest.rfind('\n');
      if (before != rest.npos) {
        left_ = before;
        return rest.substr(before + 1);
      }
      if (unread_ == 0) {
        finished_ = true;
        return rest;
      }
      read_before();
    }
  }

private:
  void read_before() {
    constexpr std::streamoff kBlockBytes = 64 * 1024;
    const std::streamoff size = std::min(unread_, kBlockBytes);
    unread_ -= size;
    std::string block(static_cast<std::size_t>(size), '\0');
    stream_.seekg(unread_);
    if (!stream_.read(block.data(), size)) throw Unavailable("cannot read the audit log");
    block.append(block_, 0, left_);
    block_ = std::move(block);
    left_ = block_.size();
  }

  std::ifstream stream_;
  std::streamoff unread_ = 0; // bytes before block_
  std::string block_;
  std::size_t left_ = 0; // bytes of block_ that have not been given yet
  bool finished_ = false;
};

// Unescaped quotes stand around names and values alone: no other member can contain this.
std::string member_text(std::string_view request_id) {
  JsonLine line;
  line.text("request_id", request_id);
  const std::string object = std::move(line).finish();
  return object.substr(1, object.size() - 2);
}

} // namespace

std::optional<json::object> find_audit_line(const std::filesystem::path& file,
                                            std::string_view request_id) {
  const std::string member = member_text(request_id);
  LinesFromTheEnd lines(file);
  while (const auto line = lines.next()) {
    if (line->find(member) == line->npos) continue;
    auto value = parse_strict_json(*line);
    if (value && value->is_object()) return std::move(value->get_object());
  }
  return std::nullopt;
}

} // namespace assay::observe
