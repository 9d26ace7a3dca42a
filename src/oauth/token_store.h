// The port to where tokens and used assertions are remembered: the request's path. Counting and
// purging stand in token_catalogue.h. Every back end passes tests/contract/token_store_contract.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "crypto/digest.h"
#include "oauth/confirmation.h"
#include "oauth/token_locator.h"

namespace assay::oauth {

enum class TokenKind { access, refresh };

// What a token is found by. Its text is never kept.
struct TokenKey {
  crypto::Digest digest;               // SHA-256 of the text
  std::optional<TokenLocator> locator; // none: the text is too short to carry one
};

// The one way from a text that came from outside to a key.
TokenKey token_key(std::string_view text);

struct TokenRecord {
  TokenKey key;
  TokenKind kind = TokenKind::access;
  std::string service; // the path of the token service that issued it
  std::string client_id;
  std::string subject;
  std::string scope;    // space-separated (RFC 6749 section 3.3)
  std::string audience; // space-separated URIs of the APIs it is for
  std::string token_type;
  TimePoint granted_at; // when the sender proved itself: of refreshed tokens, the first time
  TimePoint issued_at;
  TimePoint expires_at;
  std::string family; // what all tokens of one grant and its refreshes have in common
  std::vector<std::pair<std::string, std::string>> parameters; // the service's additional ones
  Confirmation confirmation = {};                              // of access tokens alone
  // A refresh token that was exchanged for another: kept, so that a second use is noticed. Worth
  // nothing but for that.
  bool is_rotated = false;
};

// An assertion is used once. Two uses have this digest in common: of service, issuer and jti,
// whatever their `exp`. The issuer is part of it, as a jti is unique only among one sender's
// assertions.
struct ReplayClaim {
  crypto::Digest digest;
  TimePoint acceptable_until; // `exp` plus the clock skew: from then on the expiry check refuses it
};

ReplayClaim replay_claim(std::string_view service, std::string_view issuer, std::string_view jti,
                         TimePoint acceptable_until);

// What one grant leaves behind.
struct Issue {
  TokenRecord access;
  std::optional<TokenRecord> refresh;
  std::optional<ReplayClaim> claim;
};

enum class IssueOutcome { stored, used_before };

// A refresh token becomes another one. Who sends the old one again within a short time, because the
// answer was lost on its way, gets `sealed_answer` once more.
struct Rotation {
  TokenRecord successor;
  std::string sealed_answer;
  TimePoint repeatable_until;
};

// The same refresh token is good for longer.
struct Extension {
  TimePoint expires_at;
};

// What a refresh token is exchanged for.
struct Redemption {
  TokenKey refresh;                                         // the one presented
  TokenRecord access;                                       // of the same family
  std::variant<std::monostate, Rotation, Extension> change; // of the refresh token; none: kept
  std::optional<ReplayClaim> claim; // of the client assertion that authenticated the request
};

struct Redeemed {
  enum class Outcome {
    stored,
    used_before, // the claim; nothing else was looked at
    repeated,    // the answer to the first use
    reused,      // too late for a repetition: the whole family is revoked
    unknown,     // revoked, expired or never there
  };
  Outcome outcome = Outcome::unknown;
  std::string sealed_answer; // of `repeated`
};

// Callable from any thread that runs an io_context; tasks go on where they were awaited.
// All throw Unavailable; then nothing is known of the outcome and no token may be answered.
class TokenStore {
public:
  virtual ~TokenStore() = default;

  // Takes the claim and stores the records, all or none, durably before it returns. `used_before`
  // to all callers but one per claim, across all nodes and restarts.
  virtual Task<IssueOutcome> issue(Issue issue, TimePoint now) = 0;

  // Takes a claim alone: for a client assertion, which authenticates but issues nothing.
  virtual Task<IssueOutcome> claim(ReplayClaim claim, TimePoint now) = 0;

  // Whether the claim was taken, without taking it.
  virtual Task<bool> seen(ReplayClaim claim, TimePoint now) = 0;

  // Takes the claim and exchanges the refresh token: one atomic call, durable before it returns.
  // The claim stays taken whatever the outcome is. Of several calls for one token and rotations at
  // once, one is `stored`. A rotated token is `repeated` while `now` is before `repeatable_until`
  // and its successor is there and not rotated itself; later it is `reused`, and its family is
  // gone.
  virtual Task<Redeemed> redeem(Redemption redemption, TimePoint now) = 0;

  // The record if there is one that is neither revoked nor expired at `now`; a rotated one as well.
  virtual Task<std::optional<TokenRecord>> find(TokenKey key, TimePoint now) = 0;

  // Durable before it returns. False if there was no such live token. Revoking a refresh token
  // takes its family along (RFC 7009 section 2.1).
  virtual Task<bool> revoke(TokenKey key, TimePoint now) = 0;
};

} // namespace assay::oauth
