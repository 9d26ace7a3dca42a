#include "stores/redis/redis_record.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "base/base64url.h"
#include "base/unavailable.h"
#include "stores/sqlite/sqlite_bytes.h"
#include "stores/token_row.h"

namespace assay::stores {

namespace {

[[noreturn]] void throw_damaged() {
  throw Unavailable("Redis: what it holds of a token cannot be read");
}

// Up to the separator, or all; taken off the text.
template <class Number> Number take_number(std::string_view& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) throw_damaged();
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

void take(std::string_view& text, char character) {
  if (!text.starts_with(character)) throw_damaged();
  text.remove_prefix(1);
}

TimePoint take_time(std::string_view& text) {
  return TimePoint(std::chrono::microseconds(take_number<std::int64_t>(text)));
}

} // namespace

std::string redis_time(TimePoint time) { return std::to_string(time.time_since_epoch().count()); }

std::string encode_redis_record(const oauth::TokenRecord& record) {
  return fmt::format("{} {} {} {}{}", record.kind == oauth::TokenKind::access ? 'a' : 'r',
                     record.expires_at.time_since_epoch().count(), record.client_id.size(),
                     record.client_id, encode_row(record));
}

oauth::TokenRecord decode_redis_record(std::string_view text) {
  oauth::TokenRecord record;
  const bool is_access = text.starts_with('a');
  take(text, is_access ? 'a' : 'r');
  record.kind = is_access ? oauth::TokenKind::access : oauth::TokenKind::refresh;
  take(text, ' ');
  record.expires_at = take_time(text);
  take(text, ' ');
  const auto length = take_number<std::size_t>(text);
  take(text, ' ');
  if (length > text.size()) throw_damaged();
  record.client_id = text.substr(0, length);
  decode_row(bytes_of(text.substr(length)), record);
  return record;
}

RefreshState RefreshState::of(std::string_view text) {
  RefreshState state{.expires_at = {}, .is_rotated = text.starts_with('r')};
  if (state.is_rotated) take(text, 'r');
  state.expires_at = take_time(text);
  if (!text.empty()) throw_damaged();
  return state;
}

oauth::TransferredAnswer decode_redis_answer(std::string_view text) {
  oauth::TransferredAnswer answer;
  answer.repeatable_until = take_time(text);
  take(text, ' ');
  const std::size_t end = std::min(text.find(' '), text.size());
  answer.successor = {.digest = digest_from(text.substr(0, end)), .locator = {}};
  text.remove_prefix(end);
  take(text, ' ');
  answer.sealed = text;
  return answer;
}

crypto::Digest digest_from(std::string_view text) {
  const auto bytes = base64url_decode(text);
  if (!bytes || bytes->size() != crypto::Digest::kBytes) throw_damaged();
  return digest_of(bytes_of(*bytes));
}

} // namespace assay::stores
