#include "registry/initial_access_tokens.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

InitialAccessToken token_named(const std::string& id, std::chrono::seconds age = 0s) {
  InitialAccessToken token;
  token.id = id;
  token.digest = crypto::sha256(id);
  token.created_at = kNow - age;
  token.expires_at = kNow + 1h;
  token.uses_left = 2;
  token.registry = "Applications";
  token.ceiling.grants = {GrantType::jwt_bearer};
  token.ceiling.auth_methods = {AuthMethod::private_key_jwt};
  return token;
}

class InitialAccessTokensTest : public ::testing::Test {
protected:
  const std::string id_ = "0123456789abcdef";
  stores::MemoryPropertyStore store_;
  InitialAccessTokens tokens_{store_};
};

TEST_F(InitialAccessTokensTest, FindsWhatWasAdded) {
  ASSERT_TRUE(tokens_.add(token_named(id_)));
  const auto found = tokens_.find(id_);
  ASSERT_TRUE(found);
  EXPECT_EQ(to_record(*found), to_record(token_named(id_)));
  EXPECT_FALSE(tokens_.find("fedcba9876543210"));
}

TEST_F(InitialAccessTokensTest, AddsNothingThatCouldNotBeRead) {
  InitialAccessToken token = token_named(id_);
  token.ceiling.resources = {"no URI"};
  EXPECT_FALSE(tokens_.add(token));
  EXPECT_FALSE(tokens_.find(id_));
}

TEST_F(InitialAccessTokensTest, TakesOneUse) {
  ASSERT_TRUE(tokens_.add(token_named(id_)));
  EXPECT_TRUE(tokens_.take_use(*tokens_.find(id_)));
  EXPECT_EQ(tokens_.find(id_)->uses_left, 1);
}

// Two registrations that saw the same row: one of them would be free.
TEST_F(InitialAccessTokensTest, TakesNoUseOfARowThatChangedMeanwhile) {
  ASSERT_TRUE(tokens_.add(token_named(id_)));
  const auto seen = tokens_.find(id_);
  ASSERT_TRUE(tokens_.take_use(*seen));
  EXPECT_FALSE(tokens_.take_use(*seen));
  EXPECT_EQ(tokens_.find(id_)->uses_left, 1);
}

TEST_F(InitialAccessTokensTest, TakesNoUseOfWhatWasRevokedMeanwhileHoweverManyItHas) {
  InitialAccessToken token = token_named(id_);
  token.uses_left.reset();
  ASSERT_TRUE(tokens_.add(token));
  const auto seen = tokens_.find(id_);
  ASSERT_TRUE(tokens_.revoke(id_));
  EXPECT_FALSE(tokens_.take_use(*seen));
  EXPECT_FALSE(tokens_.find(id_));
}

TEST_F(InitialAccessTokensTest, RevokesNothingThatIsNotThere) { EXPECT_FALSE(tokens_.revoke(id_)); }

TEST_F(InitialAccessTokensTest, ListsTheNewestFirstAndLeavesOutWhatCannotBeRead) {
  ASSERT_TRUE(tokens_.add(token_named("0000000000000001", 60s)));
  ASSERT_TRUE(tokens_.add(token_named("0000000000000002")));
  const PropertyWrite write{"0000000000000003", R"({"expires_at": "never"})", std::nullopt};
  store_.apply("InitialAccessTokens", {&write, 1});
  const auto listed = tokens_.list();
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed.front().id, "0000000000000002");
  EXPECT_FALSE(tokens_.find("0000000000000003"));
}

} // namespace
} // namespace assay::registry
