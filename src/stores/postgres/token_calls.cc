#include "stores/postgres/token_calls.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/unavailable.h"

namespace assay::stores {

using Outcome = oauth::Redeemed::Outcome;

namespace {

class IssueStatement final : public GroupStatement {
public:
  const char* name() const override { return "issue"; }
  std::string_view sql() const override {
    return "SELECT {schema}.issue($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
  }
  bool is_repeatable() const override { return false; }
  // Beyond some hundred, the sync's share of each is small: twice as many win a tenth.
  std::size_t calls_max() const override { return 512; }

  PostgresParameters parameters(std::span<GroupedCall*> calls) const override {
    sort_by_claims(calls);
    TokenColumns tokens;
    SpanColumns spans;
    for (GroupedCall* const each : calls) {
      const auto& call = static_cast<const IssueCall&>(*each);
      if (call.follows) continue;
      for (const TokenRow& row : call.rows) {
        tokens.add(row, claim_of(call));
        spans.add(row);
      }
    }
    PostgresParameters parameters;
    add_claims(parameters, calls);
    spans.add_to(parameters);
    tokens.add_to(parameters);
    return parameters;
  }

  // The rows are the claims that were taken.
  void answer(const PostgresResult& rows, GroupedCalls calls) const override {
    std::unordered_set<crypto::Digest, crypto::DigestHash> taken;
    for (int row = 0; row < rows.rows(); ++row)
      taken.insert(rows.digest(row, 0));
    for (GroupedCall* const each : calls) {
      auto& call = static_cast<IssueCall&>(*each);
      call.is_used_before = call.claim && !taken.contains(call.claim->digest);
    }
    settle_followers(calls);
  }
};

class RedeemStatement final : public GroupStatement {
public:
  const char* name() const override { return "redeem"; }
  std::string_view sql() const override {
    return "SELECT * FROM {schema}.redeem($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
           "$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
  }
  bool is_repeatable() const override { return false; }
  // Each is several statements within the engine: some 10 ms for so many.
  std::size_t calls_max() const override { return 128; }

  PostgresParameters parameters(std::span<GroupedCall*> calls) const override;
  void answer(const PostgresResult& rows, GroupedCalls calls) const override;
};

// The columns of one redemption, in the order of the function's arguments.
class RedemptionColumns {
public:
  void add(const RedeemCall& call);
  void add_to(PostgresParameters& parameters) const {
    for (const PostgresArray& column : columns_)
      parameters.add(column);
  }

private:
  enum Column : std::size_t {
    claim,
    position,
    digest,
    now,
    change,
    limit,
    family,
    sealed,
    access,
    successor = access + 5,
    count = successor + 5
  };

  void add_token(std::size_t first, const TokenRow* row);
  void add_change(const RedeemCall& call);

  static constexpr auto kNumber = PostgresType::number;
  static constexpr auto kBytes = PostgresType::bytes;
  std::array<PostgresArray, count> columns_{PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(PostgresType::text),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes),
                                            PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes),
                                            PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes),
                                            PostgresArray(kBytes),
                                            PostgresArray(kNumber),
                                            PostgresArray(kBytes)};
};

void RedemptionColumns::add(const RedeemCall& call) {
  columns_[claim].add(claim_of(call));
  columns_[position].add(position_of(call.redemption.refresh, call.now));
  columns_[digest].add(call.redemption.refresh.digest);
  columns_[now].add(call.now);
  add_change(call);
  columns_[family].add(std::string_view(call.access.family));
  add_token(access, &call.access);
  add_token(successor, call.successor ? &*call.successor : nullptr);
}

void RedemptionColumns::add_change(const RedeemCall& call) {
  if (const auto* rotation = std::get_if<oauth::Rotation>(&call.redemption.change)) {
    columns_[change].add(std::string_view("rotate"));
    columns_[limit].add(rotation->repeatable_until);
    columns_[sealed].add(std::string_view(rotation->sealed_answer));
    return;
  }
  const auto* extension = std::get_if<oauth::Extension>(&call.redemption.change);
  columns_[change].add(std::string_view(extension ? "extend" : "keep"));
  if (extension)
    columns_[limit].add(extension->expires_at);
  else
    columns_[limit].add_null();
  columns_[sealed].add_null();
}

void RedemptionColumns::add_token(std::size_t first, const TokenRow* row) {
  constexpr std::size_t kColumns = 5;
  if (!row) {
    for (std::size_t column = first; column < first + kColumns; ++column)
      columns_[column].add_null();
    return;
  }
  columns_[first].add(row->position);
  columns_[first + 1].add(row->digest);
  columns_[first + 2].add(std::string_view(row->client_id));
  columns_[first + 3].add(row->expires_at);
  columns_[first + 4].add(std::string_view(row->record));
}

PostgresParameters RedeemStatement::parameters(std::span<GroupedCall*> calls) const {
  sort_by_claims(calls);
  RedemptionColumns redemptions;
  SpanColumns spans;
  for (GroupedCall* const each : calls) {
    const auto& call = static_cast<const RedeemCall&>(*each);
    if (call.follows) continue;
    redemptions.add(call);
    spans.add(call.access);
    if (call.successor) spans.add(*call.successor);
  }
  PostgresParameters parameters;
  add_claims(parameters, calls);
  spans.add_to(parameters);
  redemptions.add_to(parameters);
  return parameters;
}

Outcome outcome_named(const std::string& name) {
  constexpr std::array kNames{
      std::pair<std::string_view, Outcome>("stored", Outcome::stored),
      std::pair<std::string_view, Outcome>("used_before", Outcome::used_before),
      std::pair<std::string_view, Outcome>("repeated", Outcome::repeated),
      std::pair<std::string_view, Outcome>("reused", Outcome::reused),
      std::pair<std::string_view, Outcome>("unknown", Outcome::unknown)};
  const auto* const found =
      std::ranges::find(kNames, name, &std::pair<std::string_view, Outcome>::first);
  if (found == kNames.end()) throw Unavailable("the token store answers what nobody knows");
  return found->second;
}

// The rows have the number of those that were sent, from 1 on.
void RedeemStatement::answer(const PostgresResult& rows, GroupedCalls calls) const {
  std::vector<RedeemCall*> sent;
  for (GroupedCall* const each : calls) {
    auto& call = static_cast<RedeemCall&>(*each);
    if (!call.follows) sent.push_back(&call);
  }
  if (static_cast<std::size_t>(rows.rows()) != sent.size())
    throw Unavailable("the token store answers another number of calls");
  for (int row = 0; row < rows.rows(); ++row) {
    RedeemCall& call = *sent.at(static_cast<std::size_t>(rows.number(row, 0) - 1));
    call.redeemed.outcome = outcome_named(rows.text(row, 1));
    if (!rows.is_null(row, 2)) call.redeemed.sealed_answer = rows.text(row, 2);
    call.is_used_before = call.redeemed.outcome == Outcome::used_before;
  }
  settle_followers(calls);
  for (GroupedCall* const each : calls) {
    auto& call = static_cast<RedeemCall&>(*each);
    if (call.follows && call.is_used_before) call.redeemed = {Outcome::used_before, {}};
  }
}

class RevokeStatement final : public GroupStatement {
public:
  const char* name() const override { return "revoke"; }
  std::string_view sql() const override { return "SELECT * FROM {schema}.revoke($1, $2, $3)"; }
  bool is_repeatable() const override { return false; }
  std::size_t calls_max() const override { return 256; }

  PostgresParameters parameters(std::span<GroupedCall*> calls) const override {
    TokenKeyColumns keys;
    for (GroupedCall* const each : calls) {
      const auto& call = static_cast<const RevokeCall&>(*each);
      keys.add(call.key, call.now);
    }
    PostgresParameters parameters;
    keys.add_to(parameters);
    return parameters;
  }

  void answer(const PostgresResult& rows, GroupedCalls calls) const override {
    for (int row = 0; row < rows.rows(); ++row) {
      const auto number = static_cast<std::size_t>(rows.number(row, 0) - 1);
      if (number < calls.size())
        static_cast<RevokeCall&>(*calls[number]).is_revoked = rows.number(row, 1) != 0;
    }
  }
};

const IssueStatement kIssue;
const RedeemStatement kRedeem;
const RevokeStatement kRevoke;

} // namespace

IssueCall::IssueCall(const oauth::Issue& issue, TimePoint now)
    : ClaimingCall(kIssue, issue.claim, now) {
  rows.emplace_back(issue.access);
  if (issue.refresh) rows.emplace_back(*issue.refresh);
}

IssueCall::IssueCall(const oauth::ReplayClaim& claim, TimePoint now)
    : ClaimingCall(kIssue, claim, now) {}

RedeemCall::RedeemCall(oauth::Redemption given, TimePoint now)
    : ClaimingCall(kRedeem, given.claim, now), redemption(std::move(given)),
      access(redemption.access) {
  if (const auto* rotation = std::get_if<oauth::Rotation>(&redemption.change))
    successor.emplace(rotation->successor);
}

RevokeCall::RevokeCall(const oauth::TokenKey& token, TimePoint called_at)
    : GroupedCall(kRevoke), key(token), now(called_at) {}

} // namespace assay::stores
