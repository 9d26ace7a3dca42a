// Makes the tokens and claims of one store those of another, a pass at a time, while the other one
// is served.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/copy_tally.h"
#include "oauth/token_transfer.h"
#include "oauth/transfer_inventory.h"

namespace assay::oauth {

// A pass reads both stores twice. What is in `to` already and the same is not written again: so a
// pass that was stopped costs the next one a reading, and no cursor need be trusted.
class TokenCopy {
public:
  static constexpr std::size_t kPageSize = 1000;

  struct Parts {
    TokenTransfer& from;
    TokenTransfer& to;
    Clock clock;
    CopyProgress progress;
    // Told the time before each page is put: nothing that is issued later was copied until then.
    std::function<void(TimePoint now)> note;
    // What note() was told last by whoever copied before. A token in `to` that was issued later
    // than that, and that `from` lacks, was issued there: it is left alone.
    TimePoint copied_until;
  };

  explicit TokenCopy(Parts parts) : parts_(std::move(parts)) {}

  // Once. Throws Unavailable; then another pass goes on from there.
  CopyTally pass();

private:
  struct Phase {
    std::string_view name;
    std::uint64_t size;
  };
  using See = std::function<void(TransferPage& page)>;

  bool read_target();
  bool put_missing();
  bool remove_gone();
  bool verify();
  bool each_page(TokenTransfer& store, const Phase& phase, const See& see);
  bool is_foreign(const TokenRecord& record) const;

  Parts parts_;
  CopyTally tally_;
  TransferInventory before_; // what was in `to`
  TransferInventory source_; // what was in `from` when it was copied
  TransferInventory target_; // what is in `to` after that
};

} // namespace assay::oauth
