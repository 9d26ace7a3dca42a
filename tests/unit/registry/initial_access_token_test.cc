#include "registry/initial_access_token.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kId = "0123456789abcdef";

InitialAccessToken ordinary() {
  InitialAccessToken token;
  token.id = kId;
  token.digest = crypto::sha256("the token");
  token.created_at = kNow;
  token.expires_at = kNow + 1h;
  token.uses_left = 1;
  token.registry = "Applications";
  token.ceiling = {.scopes = {{"read", true}, {"write", false}},
                   .grants = {GrantType::jwt_bearer},
                   .auth_methods = {AuthMethod::private_key_jwt, AuthMethod::none},
                   .resources = {"https://api.example"},
                   .dpop_bound = true,
                   .tls_bound = true};
  return token;
}

std::string faults_in(std::string_view member, json::value value, std::string_view id = kId) {
  json::object record = to_record(ordinary());
  record[member] = std::move(value);
  const auto token = parse_initial_access_token(id, record);
  return token ? "" : to_text(token.error());
}

TEST(InitialAccessTokenRow, IsReadAsItWasWritten) {
  const json::object record = to_record(ordinary());
  const auto token = parse_initial_access_token(kId, record);
  ASSERT_TRUE(token);
  EXPECT_EQ(to_record(*token), record);
  EXPECT_EQ(token->digest, crypto::sha256("the token"));
  EXPECT_EQ(token->expires_at, kNow + 1h);
}

TEST(InitialAccessTokenRow, CanDoWithoutANumberOfUses) {
  InitialAccessToken token = ordinary();
  token.uses_left.reset();
  EXPECT_FALSE(parse_initial_access_token(kId, to_record(token))->uses_left);
}

TEST(InitialAccessTokenRow, IsRefusedByTheMembersAtFault) {
  EXPECT_NE(faults_in("sha256", "AB").find("sha256: must be 64"), std::string::npos);
  EXPECT_NE(faults_in("expires_at", "soon").find("expires_at"), std::string::npos);
  EXPECT_NE(faults_in("uses_left", -1).find("uses_left"), std::string::npos);
  EXPECT_NE(faults_in("uses_left", "many").find("uses_left"), std::string::npos);
  EXPECT_NE(faults_in("registry", "").find("registry"), std::string::npos);
  EXPECT_NE(faults_in("resources", json::array{"api"}).find("resources[0]"), std::string::npos);
  EXPECT_NE(faults_in("scopes", parsed(R"([{"name": "a b"}])")).find("scopes[0].name"),
            std::string::npos);
  EXPECT_NE(faults_in("scopes", parsed(R"([{"name": "a"}, {"name": "a"}])")).find("twice"),
            std::string::npos);
  EXPECT_NE(faults_in("use_left", 1).find("use_left: is not known"), std::string::npos);
  EXPECT_NE(faults_in("dpop_bound", true, "../etc").find("id of 16"), std::string::npos);
  EXPECT_FALSE(parse_initial_access_token(kId, json::array{}));
}

// A member that is missing must not make a token that lives for ever, or allows everything.
TEST(InitialAccessTokenRow, IsRefusedWithoutWhatLimitsIt) {
  for (const std::string_view member :
       {"sha256", "created_at", "expires_at", "registry", "grants", "auth_methods"}) {
    json::object record = to_record(ordinary());
    record.erase(member);
    EXPECT_FALSE(parse_initial_access_token(kId, record)) << member;
  }
  EXPECT_NE(faults_in("grants", json::array{}).find("at least one"), std::string::npos);
  EXPECT_NE(faults_in("auth_methods", json::array{"secret"}).find("auth_methods[0]"),
            std::string::npos);
}

TEST(InitialAccessTokenState, FollowsFromTheRowAndTheTime) {
  InitialAccessToken token = ordinary();
  EXPECT_EQ(token.state_at(kNow), InitialAccessTokenState::live);
  EXPECT_EQ(token.state_at(kNow + 1h - 1us), InitialAccessTokenState::live);
  EXPECT_EQ(token.state_at(kNow + 1h), InitialAccessTokenState::expired);
  token.uses_left = 0;
  EXPECT_EQ(token.state_at(kNow), InitialAccessTokenState::used_up);
  token.uses_left.reset();
  EXPECT_EQ(token.state_at(kNow), InitialAccessTokenState::live);
}

TEST(NewInitialAccessToken, BeginsWithItsIdAndIsKnownByItsDigest) {
  const auto made = make_initial_access_token(ordinary(), crypto::secure_random);
  const std::string_view text = made.text.reveal();
  EXPECT_NE(made.token.id, kId);
  EXPECT_EQ(initial_access_token_id(text), made.token.id);
  EXPECT_EQ(made.token.digest, crypto::sha256(text));
  EXPECT_EQ(text.size(), 16U + 1U + 43U);
}

TEST(InitialAccessTokenId, IsThatOfATokenOfThisFormAlone) {
  const std::string secret(43, 'a');
  EXPECT_EQ(initial_access_token_id(std::string(kId) + "." + secret), kId);
  EXPECT_FALSE(initial_access_token_id(""));
  EXPECT_FALSE(initial_access_token_id(kId));
  EXPECT_FALSE(initial_access_token_id(std::string(kId) + "."));
  EXPECT_FALSE(initial_access_token_id(std::string(kId) + "." + secret + "a"));
  EXPECT_FALSE(initial_access_token_id("0123456789ABCDEF." + secret));
}

} // namespace
} // namespace assay::registry
