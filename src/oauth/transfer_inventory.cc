#include "oauth/transfer_inventory.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace assay::oauth {

namespace {

constexpr unsigned kByteBits = 8;

void append_number(std::string& content, std::uint64_t number) {
  for (std::size_t byte = 0; byte < sizeof number; ++byte, number >>= kByteBits)
    content.push_back(static_cast<char>(number));
}

void append_time(std::string& content, TimePoint time) {
  append_number(content, static_cast<std::uint64_t>(time.time_since_epoch().count()));
}

// The length first: no two lists of texts are the same bytes.
void append_text(std::string& content, std::string_view text) {
  append_number(content, text.size());
  content.append(text);
}

void append_digest(std::string& content, const std::optional<crypto::Digest>& digest) {
  append_text(content, digest ? digest->hex() : std::string());
}

std::uint64_t number_of(const std::string& content) {
  std::uint64_t number = 0;
  const auto hash = crypto::sha256(content).bytes();
  for (std::size_t byte = 0; byte < sizeof number; ++byte)
    number = number << kByteBits | hash.at(byte);
  return number;
}

TransferInventory::Entry named(const crypto::Digest& digest, std::uint64_t content) {
  TransferInventory::Entry entry{.name = {}, .content = content};
  std::copy_n(digest.bytes().begin(), entry.name.size(), entry.name.begin());
  return entry;
}

} // namespace

TransferInventory::Entry TransferInventory::entry_of(const TokenRecord& record) {
  std::string content;
  content.push_back(record.kind == TokenKind::access ? 'a' : 'r');
  content.push_back(record.is_rotated ? 'r' : ' ');
  for (const std::string* text :
       {&record.service, &record.client_id, &record.subject, &record.scope, &record.audience,
        &record.token_type, &record.family})
    append_text(content, *text);
  for (const TimePoint time : {record.granted_at, record.issued_at, record.expires_at})
    append_time(content, time);
  append_digest(content, record.confirmation.key);
  append_digest(content, record.confirmation.certificate);
  for (const auto& [name, value] : record.parameters) {
    append_text(content, name);
    append_text(content, value);
  }
  return named(record.key.digest, number_of(content));
}

TransferInventory::Entry TransferInventory::entry_of(const ReplayClaim& claim) {
  return named(claim.digest,
               static_cast<std::uint64_t>(claim.acceptable_until.time_since_epoch().count()));
}

void TransferInventory::seal() {
  std::ranges::sort(entries_, [](const Numbered& left, const Numbered& right) {
    if (left.entry.name != right.entry.name) return left.entry.name < right.entry.name;
    return left.number > right.number; // `unique` keeps the first of equal ones
  });
  const auto repeated = std::ranges::unique(
      entries_, {}, [](const Numbered& each) -> const auto& { return each.entry.name; });
  entries_.erase(repeated.begin(), repeated.end());
}

std::optional<std::uint64_t> TransferInventory::content_of(const Entry& entry) const {
  const auto name_of = [](const Numbered& each) -> const auto& { return each.entry.name; };
  const auto found = std::ranges::lower_bound(entries_, entry.name, {}, name_of);
  if (found == entries_.end() || found->entry.name != entry.name) return std::nullopt;
  return found->entry.content;
}

} // namespace assay::oauth
