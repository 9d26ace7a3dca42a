// The port to a token store as a thing that is copied: everything in it, page by page, and what was
// read from another one. For operators, never on the request's path. Every back end that outlives a
// process passes tests/contract/token_transfer_contract.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "oauth/token_store.h"

namespace assay::oauth {

// What a rotated refresh token was answered, as long as it can be repeated.
struct TransferredAnswer {
  TokenKey successor;
  std::string sealed;
  TimePoint repeatable_until;
};

struct TransferredToken {
  // Its locator is none also where the store cannot tell: then it is put where every look-up finds
  // it.
  TokenRecord record;
  std::optional<TransferredAnswer> answer; // none: a second use of a rotated one is `reused`
  std::string place;                       // where the store that read it has it; for its remove()
};

struct TransferPage {
  std::vector<TransferredToken> tokens;
  std::vector<ReplayClaim> claims;
};

// One reading from the beginning to the end. What is there all the time is read once at the least;
// what comes, goes or changes meanwhile is read or not.
class TransferReader {
public:
  virtual ~TransferReader() = default;

  // Some `limit` tokens and claims, or fewer; none after the last page. What is revoked, or has
  // ended at `now`, is left out.
  virtual std::optional<TransferPage> next(std::size_t limit, TimePoint now) = 0;
};

// Calls block. All throw Unavailable.
class TokenTransfer {
public:
  virtual ~TokenTransfer() = default;

  // Ends before the transfer does.
  virtual std::unique_ptr<TransferReader> read() = 0;

  // How many tokens and claims there are, roughly: for showing progress. 0: not known.
  virtual std::uint64_t size() = 0;

  // Durable before it returns. A token that is there becomes what is put, unless it lies elsewhere;
  // a claim that is there stays, with the later end of the two. Nothing else is changed.
  virtual void put(const TransferPage& page, TimePoint now) = 0;

  // Takes away just these, by their places; no claim is ever taken away.
  virtual void remove(std::span<const TransferredToken> tokens) = 0;

  // A text that the store keeps for whoever copies (base/copy_mark.h); none takes it away. It may
  // end by itself after a month.
  virtual std::optional<std::string> mark() = 0;
  virtual void set_mark(const std::optional<std::string>& text) = 0;
};

} // namespace assay::oauth
