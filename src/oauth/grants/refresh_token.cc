#include "oauth/grants/refresh_token.h"

#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "oauth/quotation.h"
#include "oauth/refresh_redemption.h"
#include "oauth/sealed_answer.h"

namespace assay::oauth {

namespace {

std::unexpected<Refusal> refuse_redemption(Redeemed::Outcome outcome, const TokenRecord& refresh,
                                           const ProvenSender& sender) {
  switch (outcome) {
  case Redeemed::Outcome::used_before:
    return refuse(Reason::client_assertion_refused, "assertion_replayed");
  case Redeemed::Outcome::reused:
    // RFC 9700 section 4.14.2: either its owner or a thief holds a copy, and nobody can tell which.
    return refuse(Reason::refresh_token_reused,
                  fmt::format("used before: all tokens of its family {} of {} are revoked",
                              refresh.family, sender.subject()));
  case Redeemed::Outcome::unknown:
    return refuse(Reason::refresh_token_unknown, "it ended at this very moment");
  case Redeemed::Outcome::stored:
  case Redeemed::Outcome::repeated: break;
  }
  ASSAY_ASSERT(false, "an outcome of redeem() that gives no token");
}

} // namespace

Task<Result<MintedToken>> RefreshTokenGrant::grant(TokenRequest request, GrantTrace& trace) {
  const TimePoint now = parts_.clock();

  // Decide. Nothing in this half leaves a trace in any store.
  const auto text = request.parameters.require("refresh_token");
  if (!text) co_return std::unexpected(text.error());
  const Secret presented{std::string(*text)};

  const auto client = co_await parts_.clients.authenticate(std::move(request.credentials), now);
  if (!client) co_return std::unexpected(client.error());
  note_client(*client, trace);

  const auto refresh = co_await parts_.tokens.find(token_key(presented.reveal()), now);
  if (!refresh || refresh->service != parts_.service)
    co_return refuse(Reason::refresh_token_unknown, "expected a live one of this service");
  const auto sender = redeemed_by(client->sender, *refresh, parts_.standing);
  if (!sender) co_return std::unexpected(sender.error());
  // From here on we know who asks, and that the token is this client's.
  trace.subject = sender->subject();

  const auto scope =
      refresh_scopes(request.scope, refresh->scope, sender->application(), parts_.scopes);
  if (!scope) co_return std::unexpected(scope.error());
  const auto audience = refresh_audience(request.resources, refresh->audience,
                                         sender->application(), parts_.audiences);
  if (!audience) co_return std::unexpected(audience.error());
  // RFC 9449 section 5: whoever refreshes authenticates, so the refresh token is bound to the
  // client already; the access token is bound to what is shown now.
  const auto bound = parts_.binding.decide(request.keys, sender->application(), now);
  if (!bound) co_return std::unexpected(bound.error());

  // Commit: the proof; then the claim of a client assertion, the end of the old token and the new
  // ones in one atomic call, so that of many who refresh at once one has the first answer.
  if (const auto taken = parts_.binding.commit(*bound, now); !taken)
    co_return std::unexpected(taken.error());
  Mint mint = co_await parts_.minter.mint_again(*sender, *refresh,
                                                {*scope, *audience, bound->confirmation}, now);
  MintedToken token = std::move(mint.token);
  if (!token.refresh_token) token.refresh_token = presented;
  const crypto::Digest minted = mint.access.key.digest;
  mint.token = token;
  const auto redeemed = co_await parts_.tokens.redeem(
      redemption(std::move(mint), *client, *refresh, presented, now), now);

  if (redeemed.outcome == Redeemed::Outcome::repeated) {
    auto answer = open_answer(redeemed.sealed_answer, presented, now);
    co_return co_await repeated(std::move(answer), {*scope, *audience, bound->confirmation}, now,
                                trace);
  }
  if (redeemed.outcome != Redeemed::Outcome::stored)
    co_return refuse_redemption(redeemed.outcome, *refresh, *sender);
  note_token(token.access_token, minted, bound->confirmation, trace);
  trace.scope = *scope;
  trace.audience = worth_noting(*audience, parts_.audiences);
  co_return token;
}

// Whoever asks for another audience this time, or shows another key, must not take the first answer
// for the one to that.
Task<Result<MintedToken>> RefreshTokenGrant::repeated(std::optional<MintedToken> answer,
                                                      TokenBounds asked, TimePoint now,
                                                      GrantTrace& trace) const {
  if (!answer) co_return refuse(Reason::refresh_token_unknown, "its answer cannot be opened");
  const TokenKey key = token_key(answer->access_token.reveal());
  const auto access = co_await parts_.tokens.find(key, now);
  if (access && access->confirmation != asked.confirmation)
    co_return refuse(Reason::dpop_key_mismatch,
                     "the first answer, which is given again, is bound to other keys");
  if (access && access->audience != asked.audience)
    co_return refuse(
        Reason::resource_not_allowed,
        fmt::format("the first answer, which is given again, is for {}", quote(access->audience)));
  note_token(answer->access_token, key.digest, asked.confirmation, trace);
  trace.scope = answer->scope;
  trace.audience = worth_noting(asked.audience, parts_.audiences);
  co_return std::move(*answer);
}

Redemption RefreshTokenGrant::redemption(Mint mint, const ProvenClient& client,
                                         const TokenRecord& refresh, const Secret& presented,
                                         TimePoint now) const {
  Redemption redemption{.refresh = refresh.key,
                        .access = std::move(mint.access),
                        .change = {},
                        .claim = client.claim};
  if (mint.refresh)
    redemption.change =
        Rotation{.successor = std::move(*mint.refresh),
                 .sealed_answer = seal_answer(mint.token, now, presented, parts_.random),
                 .repeatable_until = now + parts_.settings.grace};
  else if (parts_.settings.policy == RefreshPolicy::slide)
    redemption.change = Extension{parts_.minter.refresh_expiry(now)};
  return redemption;
}

} // namespace assay::oauth
