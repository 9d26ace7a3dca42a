#include "stores/token_row.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/unavailable.h"

namespace assay::stores {

namespace {

constexpr char kVersion = 3;
constexpr char kVersionWithoutBinding = 2;
constexpr char kVersionWithoutGrant = 1;
constexpr std::size_t kTimeBytes = 8;
constexpr unsigned kByteBits = 8;
constexpr unsigned kGroupBits = 7;
constexpr unsigned kGroupMask = 0x7F;
constexpr unsigned kMoreFollows = 0x80;

void append_time(std::string& row, TimePoint time) {
  auto rest = static_cast<std::uint64_t>(time.time_since_epoch().count());
  for (std::size_t byte = 0; byte < kTimeBytes; ++byte, rest >>= kByteBits)
    row.push_back(static_cast<char>(rest));
}

void append_text(std::string& row, std::string_view text) {
  std::size_t rest = text.size();
  for (; rest > kGroupMask; rest >>= kGroupBits)
    row.push_back(static_cast<char>((rest & kGroupMask) | kMoreFollows));
  row.push_back(static_cast<char>(rest));
  row.append(text);
}

void append_digest(std::string& row, const std::optional<crypto::Digest>& digest) {
  row.push_back(digest ? static_cast<char>(crypto::Digest::kBytes) : '\0');
  if (digest) row.append(digest->bytes().begin(), digest->bytes().end());
}

class RowReader {
public:
  explicit RowReader(std::span<const unsigned char> rest) : rest_(rest) {}

  bool at_end() const { return rest_.empty(); }

  unsigned char byte() { return take(1).front(); }

  TimePoint time() {
    std::uint64_t number = 0;
    unsigned shift = 0;
    for (const unsigned char byte : take(kTimeBytes)) {
      number |= std::uint64_t{byte} << shift;
      shift += kByteBits;
    }
    return TimePoint(std::chrono::microseconds(static_cast<std::int64_t>(number)));
  }

  std::string text() {
    const auto bytes = take(length());
    return {bytes.begin(), bytes.end()};
  }

  std::optional<crypto::Digest> digest() {
    const std::size_t bytes = length();
    if (bytes == 0) return std::nullopt;
    if (bytes != crypto::Digest::kBytes) throw_damaged();
    std::array<unsigned char, crypto::Digest::kBytes> digest{};
    std::ranges::copy(take(bytes), digest.begin());
    return crypto::Digest(digest);
  }

private:
  std::size_t length() {
    constexpr unsigned kLengthBitsMax = 28; // more than SQLite holds in a row
    std::size_t length = 0;
    for (unsigned shift = 0; shift < kLengthBitsMax; shift += kGroupBits) {
      const unsigned group = byte();
      length |= std::size_t{group & kGroupMask} << shift;
      if ((group & kMoreFollows) == 0) return length;
    }
    throw_damaged();
  }

  std::span<const unsigned char> take(std::size_t bytes) {
    if (bytes > rest_.size()) throw_damaged();
    const auto taken = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return taken;
  }

  [[noreturn]] static void throw_damaged() {
    throw Unavailable("the file of the token store is damaged: a row cannot be read");
  }

  std::span<const unsigned char> rest_;
};

} // namespace

std::string encode_row(const oauth::TokenRecord& record) {
  std::string row;
  constexpr std::size_t kUsualBytes = 160;
  row.reserve(kUsualBytes);
  row.push_back(kVersion);
  append_time(row, record.issued_at);
  append_time(row, record.granted_at);
  for (const std::string* text : {&record.service, &record.subject, &record.scope, &record.audience,
                                  &record.token_type, &record.family})
    append_text(row, *text);
  append_digest(row, record.confirmation.key);
  append_digest(row, record.confirmation.certificate);
  for (const auto& [name, value] : record.parameters) {
    append_text(row, name);
    append_text(row, value);
  }
  return row;
}

void decode_row(std::span<const unsigned char> row, oauth::TokenRecord& record) {
  RowReader reader(row);
  const unsigned char version = reader.byte();
  if (version < kVersionWithoutGrant || version > kVersion)
    throw Unavailable("the file of the token store has a row of a newer version of this program");
  record.issued_at = reader.time();
  record.granted_at = version > kVersionWithoutGrant ? reader.time() : record.issued_at;
  for (std::string* text : {&record.service, &record.subject, &record.scope, &record.audience,
                            &record.token_type, &record.family})
    *text = reader.text();
  record.confirmation = {};
  if (version > kVersionWithoutBinding) {
    record.confirmation.key = reader.digest();
    record.confirmation.certificate = reader.digest();
  }
  record.parameters.clear();
  while (!reader.at_end()) {
    std::string name = reader.text();
    record.parameters.emplace_back(std::move(name), reader.text());
  }
}

} // namespace assay::stores
