// What a token store holds, so that two of them can be compared, in whatever order they are read.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <vector>

#include "crypto/digest.h"
#include "oauth/token_transfer.h"

namespace assay::oauth {

// A value: 32 bytes a token or claim. Filled first, sealed, and asked then.
class TransferInventory {
public:
  // Half a digest says which token or claim, and a number what is kept of it: by chance, two are
  // the same once in 2^64.
  struct Entry {
    std::array<unsigned char, crypto::Digest::kBytes / 2> name{};
    std::uint64_t content = 0;

    auto operator<=>(const Entry&) const = default;
  };

  static Entry entry_of(const TokenRecord& record); // less its key's locator
  static Entry entry_of(const ReplayClaim& claim);

  void add(const Entry& entry) { entries_.push_back({entry, entries_.size()}); }
  void seal(); // of several of one name, the last one added stays

  // None: nothing of that name.
  std::optional<std::uint64_t> content_of(const Entry& entry) const;
  bool has(const Entry& entry) const { return content_of(entry) == entry.content; }

  std::size_t size() const { return entries_.size(); }
  auto entries() const { return entries_ | std::views::transform(&Numbered::entry); }

private:
  struct Numbered {
    Entry entry;
    std::uint64_t number = 0; // in the order of their coming
  };

  std::vector<Numbered> entries_;
};

} // namespace assay::oauth
