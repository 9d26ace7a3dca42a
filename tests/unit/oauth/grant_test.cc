#include "oauth/grant.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

TEST(GrantTrace, HasWhoProvedItselfAndHow) {
  registry::Application application = billing();
  application.name = "Billing";
  application.secrets = {{crypto::sha256("right"), {}}};
  registry::KeyCache keys(10);
  Authentication authentication(keys);
  const auto clients = authentication.of(lookup_of(application));
  auto client = testing::result_of(clients.authenticate(
      SecretCredentials{"billing", Secret("right"), registry::AuthMethod::client_secret_basic},
      kNow));
  ASSERT_TRUE(client);
  client->warning = kTokenUrlAudienceWarning;

  GrantTrace trace;
  note_client(*client, trace);
  EXPECT_EQ(trace.client_id, "billing");
  EXPECT_EQ(trace.subject, "billing");
  EXPECT_EQ(trace.application_name, "Billing");
  EXPECT_EQ(trace.auth_method, "client_secret_basic");
  EXPECT_EQ(trace.warning, "client_assertion_for_token_url");
}

} // namespace
} // namespace assay::oauth
