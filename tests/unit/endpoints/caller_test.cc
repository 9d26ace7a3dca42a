#include "endpoints/caller.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

const Matter kMatter{.event = "introspection", .service = {}};

// The id of the caller, or the reason why there is none.
Task<std::string> caller_of(Office& office, http::Request request,
                            std::vector<std::pair<std::string, std::string>> sent) {
  const InspectionParts parts = office.inspection();
  Decision decision = co_await Decision::begin(parts.books, kMatter, request);
  const auto parameters = oauth::Parameters::make(std::move(sent));
  const auto caller = co_await authenticate_caller(parts, request, *parameters, decision);
  if (!caller) co_return std::string(name(caller.error().reason));
  EXPECT_EQ(decision.trace().client_id, caller->application().id);
  co_return caller->application().id;
}

std::string by_basic(Office& office, const std::string& credentials) {
  http::Request request = form("");
  request.fields.push_back({"Authorization", credentials});
  return testing::result_of(caller_of(office, request, {}));
}

std::string by_form(Office& office, std::vector<std::pair<std::string, std::string>> sent) {
  return testing::result_of(caller_of(office, form(""), std::move(sent)));
}

TEST(AuthenticateCaller, TakesTheSecretFromTheHeaderOrFromTheForm) {
  Office office;
  EXPECT_EQ(by_basic(office, basic("api", office.secret())), "api");
  EXPECT_EQ(by_form(office, {{"client_id", "api"}, {"client_secret", office.secret()}}), "api");
}

TEST(AuthenticateCaller, RefusesWhoDoesNotAuthenticate) {
  Office office;
  EXPECT_EQ(by_form(office, {}), "client_authentication_missing");
  EXPECT_EQ(by_form(office, {{"client_id", "api"}}), "client_authentication_missing");
  EXPECT_EQ(by_basic(office, basic("api", "wrong")), "client_secret_wrong");
  EXPECT_EQ(by_basic(office, basic("nobody", office.secret())), "client_unknown");
  office.change("api", "enabled", false);
  EXPECT_EQ(by_basic(office, basic("api", office.secret())), "client_disabled");
}

TEST(AuthenticateCaller, TakesAClientAssertionOnce) {
  Office office;
  const std::vector<std::pair<std::string, std::string>> sent{
      {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
      {"client_assertion", office.assertion({{"aud", kIssuer}, {"sub", "billing"}})}};
  EXPECT_EQ(by_form(office, sent), "billing");
  EXPECT_EQ(by_form(office, sent), "client_assertion_refused");
}

TEST(AuthenticateCaller, TakesOneMethod) {
  Office office;
  http::Request request = form("");
  request.fields.push_back({"Authorization", basic("api", office.secret())});
  EXPECT_EQ(testing::result_of(caller_of(office, request, {{"client_secret", office.secret()}})),
            "client_authentication_repeated");
  request.fields.push_back(request.fields.back());
  EXPECT_EQ(testing::result_of(caller_of(office, request, {})), "client_authentication_repeated");
  EXPECT_EQ(by_basic(office, "Bearer abc"), "authorization_malformed");
}

TEST(AuthenticateCaller, TakesNoAssertionThatIsForAGrant) {
  Office office;
  EXPECT_EQ(by_form(office, {{"client_assertion_type",
                              "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                             {"client_assertion", office.assertion({{"sub", "billing"}})}}),
            "client_assertion_refused");
}

} // namespace
} // namespace assay::endpoints
