#include "stores/redis/redis_steps.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using namespace std::chrono_literals;
using testing::claim_of;
using testing::hour_token;
using testing::kTokenTime;

const RedisPlanner kPlanner("test:");

oauth::TokenRecord member(const std::string& name, oauth::TokenKind kind) {
  oauth::TokenRecord record = hour_token(name);
  record.kind = kind;
  record.family = "red";
  return record;
}

oauth::Redemption rotation() {
  return {.refresh = member("old", oauth::TokenKind::refresh).key,
          .access = member("access", oauth::TokenKind::access),
          .change = oauth::Rotation{.successor = member("new", oauth::TokenKind::refresh),
                                    .sealed_answer = "sealed",
                                    .repeatable_until = kTokenTime + 10s},
          .claim = claim_of("jti")};
}

std::vector<std::string> names_of(const std::vector<RedisStep>& steps) {
  std::vector<std::string> names;
  for (const RedisStep& step : steps)
    names.emplace_back(step.name);
  return names;
}

// Or a cluster could not carry it out.
TEST(RedisPlan, TouchesOneSlotAStep) {
  for (const RedisPlan& plan :
       {kPlanner.redeem(rotation(), kTokenTime),
        kPlanner.issue({member("a", oauth::TokenKind::access),
                        member("r", oauth::TokenKind::refresh), claim_of("jti")},
                       kTokenTime)}) {
    for (const auto& steps : {plan.records, plan.decisions, plan.withdrawals})
      for (const RedisStep& step : steps) {
        std::set<std::uint16_t> slots;
        for (const std::string& key : step.keys) {
          EXPECT_TRUE(key.starts_with("test:")) << key;
          slots.insert(redis_slot(key));
        }
        EXPECT_EQ(slots.size(), 1U) << step.name;
      }
  }
}

// The claim first: when it was taken before, nothing else is looked at.
TEST(RedisPlan, DecidesOnTheClaimAndThenOnTheRefreshToken) {
  EXPECT_EQ(names_of(kPlanner.redeem(rotation(), kTokenTime).decisions),
            (std::vector<std::string>{"take", "rotate"}));
}

TEST(RedisPlan, WithdrawsAllTheRecordsOfAnIssue) {
  const RedisPlan plan = kPlanner.issue({member("a", oauth::TokenKind::access),
                                         member("r", oauth::TokenKind::refresh), claim_of("jti")},
                                        kTokenTime);
  EXPECT_EQ(names_of(plan.records), (std::vector<std::string>{"put", "enroll", "put", "enroll"}));
  EXPECT_EQ(names_of(plan.withdrawals), (std::vector<std::string>{"forget", "forget", "withdraw"}));
}

TEST(RedisPlan, KeepsAKeyForAMinuteLongerThanItIsLive) {
  const auto life_of = [](TimePoint now) {
    return kPlanner.claim(claim_of("jti", 330s), now).decisions.at(0).arguments.at(1);
  };
  EXPECT_EQ(life_of(kTokenTime), "390000");
  EXPECT_EQ(life_of(kTokenTime + 330s), "60000");
  EXPECT_EQ(life_of(kTokenTime + 400s), "60000");
}

TEST(RedisPlan, NeedsNoFamilyForAnAccessTokenAlone) {
  const RedisPlan plan = kPlanner.issue({hour_token("one"), {}, {}}, kTokenTime);
  EXPECT_EQ(names_of(plan.records), std::vector<std::string>{"put"});
  EXPECT_TRUE(plan.decisions.empty());
}

TEST(RedisPlanner, ReadsTheDigestInATokensKey) {
  const crypto::Digest digest = crypto::sha256("token");
  EXPECT_EQ(kPlanner.digest_in(kPlanner.token_key(digest)), digest.base64url());
  EXPECT_EQ(kPlanner.token_pattern(), "test:t:*");
}

TEST(RedisScript, HasTheKeysOfAllStepsBeforeTheirArguments) {
  const RedisCommand command =
      redis_script({{"one", {"a", "b"}, {"1"}}, {"two", {"c"}, {}}}, kTokenTime);
  EXPECT_EQ(command.arguments,
            (std::vector<std::string>{"3", "a", "b", "c", "1800000000000000", "one", "1", "two"}));
  EXPECT_EQ(command.slot, redis_slot("a"));
  EXPECT_EQ(command.effect, RedisCommand::Effect::writes);
}

TEST(RedisSteps, OfARotatedTokenThatIsCopiedPutItsAnswerToo) {
  oauth::TransferredToken token{
      .record = member("old", oauth::TokenKind::refresh), .answer = {}, .place = {}};
  EXPECT_EQ(names_of(kPlanner.copied(token, kTokenTime)),
            (std::vector<std::string>{"put", "enroll"}));
  token.record.is_rotated = true;
  token.answer = {.successor = member("new", oauth::TokenKind::refresh).key,
                  .sealed = "sealed",
                  .repeatable_until = kTokenTime + 10s};
  const auto steps = kPlanner.copied(token, kTokenTime);
  EXPECT_EQ(names_of(steps), (std::vector<std::string>{"put", "enroll", "put"}));
  EXPECT_TRUE(steps[1].arguments[1].starts_with("r"));
  EXPECT_EQ(steps[2].keys[0],
            kPlanner.answer_key(token.record, token.record.key.digest.base64url()));
}

} // namespace
} // namespace assay::stores
