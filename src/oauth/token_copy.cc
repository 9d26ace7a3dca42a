#include "oauth/token_copy.h"

#include <chrono>
#include <utility>
#include <vector>

namespace assay::oauth {

namespace {

// Nodes whose clocks are ahead of ours by no more than this issue nothing that looks foreign.
constexpr std::chrono::minutes kClocksApart{1};

using Entry = TransferInventory::Entry;

void add_all(const TransferPage& page, TransferInventory& inventory) {
  for (const TransferredToken& token : page.tokens)
    inventory.add(TransferInventory::entry_of(token.record));
  for (const ReplayClaim& claim : page.claims)
    inventory.add(TransferInventory::entry_of(claim));
}

} // namespace

CopyTally TokenCopy::pass() {
  tally_.stopped = !(read_target() && put_missing() && remove_gone() && verify());
  return tally_;
}

bool TokenCopy::read_target() {
  const bool whole = each_page(parts_.to, {"reading what is there", parts_.to.size()},
                               [&](const TransferPage& page) { add_all(page, before_); });
  before_.seal();
  return whole;
}

bool TokenCopy::put_missing() {
  const bool whole =
      each_page(parts_.from, {"copying", parts_.from.size()}, [&](TransferPage& page) {
        add_all(page, source_);
        std::erase_if(page.tokens, [&](const TransferredToken& token) {
          return before_.has(TransferInventory::entry_of(token.record));
        });
        std::erase_if(page.claims, [&](const ReplayClaim& claim) {
          return before_.has(TransferInventory::entry_of(claim));
        });
        if (page.tokens.empty() && page.claims.empty()) return;
        const TimePoint now = parts_.clock();
        parts_.note(now);
        parts_.to.put(page, now);
        tally_.copied += page.tokens.size() + page.claims.size();
      });
  source_.seal();
  return whole;
}

// A token that `from` has otherwise lies there since an earlier pass, at another place than now.
bool TokenCopy::remove_gone() {
  const bool whole =
      each_page(parts_.to, {"removing what is gone", source_.size()}, [&](TransferPage& page) {
        std::vector<TransferredToken> gone;
        for (TransferredToken& token : page.tokens) {
          const Entry entry = TransferInventory::entry_of(token.record);
          if (source_.has(entry))
            target_.add(entry);
          else if (is_foreign(token.record) && !source_.content_of(entry))
            ++tally_.foreign;
          else
            gone.push_back(std::move(token));
        }
        for (const ReplayClaim& claim : page.claims)
          target_.add(TransferInventory::entry_of(claim));
        if (gone.empty()) return;
        parts_.to.remove(gone);
        tally_.removed += gone.size();
      });
  target_.seal();
  return whole;
}

// What `from` has otherwise than when it was copied, it has since then. All else has to be in `to`.
bool TokenCopy::verify() {
  TransferInventory again;
  const bool whole = each_page(parts_.from, {"verifying", source_.size()},
                               [&](const TransferPage& page) { add_all(page, again); });
  again.seal();
  if (!whole) return false;
  for (const Entry& entry : again.entries()) {
    if (target_.has(entry))
      ++tally_.verified;
    else
      ++(source_.has(entry) ? tally_.different : tally_.newer);
  }
  return true;
}

bool TokenCopy::each_page(TokenTransfer& store, const Phase& phase, const See& see) {
  std::uint64_t done = 0;
  if (!parts_.progress(phase.name, done, phase.size)) return false;
  const auto reader = store.read();
  while (auto page = reader->next(kPageSize, parts_.clock())) {
    done += page->tokens.size() + page->claims.size();
    see(*page);
    if (!parts_.progress(phase.name, done, phase.size)) return false;
  }
  return parts_.progress(phase.name, done, done); // the size may have been a guess
}

bool TokenCopy::is_foreign(const TokenRecord& record) const {
  return record.issued_at > parts_.copied_until + kClocksApart;
}

} // namespace assay::oauth
