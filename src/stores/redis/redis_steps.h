// What a call of the port comes to: the steps of the script (redis_script.h), with their keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oauth/token_store.h"
#include "oauth/token_transfer.h"
#include "stores/redis/redis_command.h"

namespace assay::stores {

struct RedisStep {
  std::string_view name;
  std::vector<std::string> keys; // at least one; all of one hash tag
  std::vector<std::string> arguments;
};

// One script of them all, for the node that has the keys of each.
RedisCommand redis_script(const std::vector<RedisStep>& steps, TimePoint now);

// Two parts. The records mean nothing before the decisions are made: no one knows a token's text
// before it is answered, and a refresh token is worth nothing that its family does not list.
struct RedisPlan {
  std::vector<RedisStep> records;
  std::vector<RedisStep> decisions;
  std::vector<RedisStep> withdrawals; // of the records, if the decision is against them
};

// Makes the keys and the plans.
class RedisPlanner {
public:
  explicit RedisPlanner(std::string prefix) : prefix_(std::move(prefix)) {}

  RedisPlan issue(const oauth::Issue& issue, TimePoint now) const;
  RedisPlan redeem(const oauth::Redemption& redemption, TimePoint now) const;
  RedisPlan claim(const oauth::ReplayClaim& claim, TimePoint now) const;

  // What was read from another store: each step by itself, in any order.
  std::vector<RedisStep> copied(const oauth::TransferredToken& token, TimePoint now) const;
  RedisStep take(const oauth::ReplayClaim& claim, TimePoint now) const;

  std::string token_key(const crypto::Digest& token) const;
  std::string claim_key(const crypto::Digest& claim) const;
  std::string probe_key(std::uint32_t number) const;

  // None: an access token that belongs to none. `digest` is the token's, as text.
  std::optional<std::string> family_key(const oauth::TokenRecord& record,
                                        const std::string& digest) const;

  // Where the answer to a rotated token is.
  std::string answer_key(const oauth::TokenRecord& record, const std::string& digest) const;

  // Of whoever copies (oauth/token_transfer.h).
  std::string mark_key() const { return key('m', "copy"); }

  // Which of their keys are of tokens, or of claims, as a pattern of SCAN; and the digest in one,
  // as the states of a family have it.
  std::string token_pattern() const;
  std::string claim_pattern() const { return key('c', "*"); }
  std::string_view digest_in(std::string_view key) const;

private:
  std::string key(char kind, std::string_view rest) const;
  RedisStep put(const oauth::TokenRecord& record, TimePoint now) const;
  RedisStep exchange(const oauth::Redemption& redemption, TimePoint now) const;
  void add_record(RedisPlan& plan, const oauth::TokenRecord& record, TimePoint now) const;

  std::string prefix_;
};

} // namespace assay::stores
