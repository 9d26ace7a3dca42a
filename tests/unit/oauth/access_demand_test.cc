#include "oauth/access_demand.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TokenRecord token() {
  TokenRecord record;
  record.scope = "read write";
  record.audience = "urn:a urn:b";
  return record;
}

std::optional<Reason> refusal(const AccessDemand& demand) {
  return reason_of(check_access(token(), demand));
}

TEST(AccessDemand, IsMetByATokenForOneOfTheAudiences) {
  EXPECT_FALSE(refusal({.scopes = {}, .audiences = {"urn:b"}}));
  EXPECT_FALSE(refusal({.scopes = {}, .audiences = {"urn:c", "urn:a"}}));
  EXPECT_EQ(refusal({.scopes = {}, .audiences = {"urn:c"}}), Reason::token_audience_mismatch);
  EXPECT_EQ(refusal({}), Reason::token_audience_mismatch);
}

TEST(AccessDemand, IsMetByAllScopesOrByAnyAsItSays) {
  const std::vector<std::string> here{"urn:a"};
  EXPECT_FALSE(refusal({{"read", "write"}, ScopeMatch::all, here}));
  EXPECT_EQ(refusal({{"read", "admin"}, ScopeMatch::all, here}), Reason::scope_insufficient);
  EXPECT_FALSE(refusal({{"read", "admin"}, ScopeMatch::any, here}));
  EXPECT_EQ(refusal({{"rea", "admin"}, ScopeMatch::any, here}), Reason::scope_insufficient);
}

// It never leaves the client but for this server.
TEST(AccessDemand, IsMetByNoRefreshToken) {
  TokenRecord refresh = token();
  refresh.kind = TokenKind::refresh;
  EXPECT_EQ(reason_of(check_access(refresh, {.scopes = {}, .audiences = {"urn:a"}})),
            Reason::token_not_served);
}

} // namespace
} // namespace assay::oauth
