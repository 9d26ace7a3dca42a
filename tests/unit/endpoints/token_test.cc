#include "endpoints/token.h"

#include <gtest/gtest.h>

#include "base/form_text.h"
#include "base/unavailable.h"
#include "oauth/grants/jwt_bearer.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "support/unavailable_token_store.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

std::string grant_with(const std::string& assertion) {
  return "grant_type=" + form_encode(kGrantType) + "&assertion=" + assertion;
}

// The token endpoint of the office's one service.
class TokenDesk {
public:
  explicit TokenDesk(oauth::TokenServiceSettings settings = {}, oauth::TokenStore* store = nullptr)
      : office(std::move(settings)), service_(offers(store ? *store : office.tokens())),
        endpoint_(office.settings(),
                  {service_, office.keys_shown(), workshop.proofs(), office.books()}) {}

  http::Response post(const http::Request& request) {
    return testing::result_of(endpoint_.handle(request));
  }
  http::Response post(const std::string& body) { return post(form(body)); }
  http::Response present(const std::string& assertion, const std::string& more = "") {
    return post(grant_with(assertion) + more);
  }

  Office office;
  testing::TokenWorkshop workshop;

private:
  std::vector<oauth::TokenService::Offer> offers(oauth::TokenStore& store) {
    const auto& settings = office.settings();
    std::vector<oauth::TokenService::Offer> offers;
    offers.push_back({oauth::kJwtBearerGrantType,
                      std::make_unique<oauth::JwtBearerGrant>(oauth::JwtBearerGrant::Parts{
                          .service = settings.path,
                          .clock = [this] { return office.now; },
                          .senders = oauth::SenderLookup(office.applications()),
                          .limits = {},
                          .verifier = oauth::AssertionVerifier(
                              {.audiences = settings.audiences, .token_urls = {}}, office.keys()),
                          .clients = office.clients(),
                          .scopes = {},
                          .audiences = {std::string(kIssuer), {}},
                          .binding = workshop.binding(),
                          .issuance = workshop.issuance(settings, store)})});
    return offers;
  }

  oauth::TokenService service_;
  TokenEndpoint endpoint_;
};

// RFC 6749 section 5.1.
TEST(TokenEndpoint, AnswersAGrantWithTheTokenAndWhatItIsWorth) {
  TokenDesk desk;
  const auto response = desk.present(desk.office.assertion());
  ASSERT_EQ(response.status, 200U) << response.body;
  const json::object members = members_of(response);
  EXPECT_EQ(members.at("access_token").as_string().size(), 54U);
  EXPECT_EQ(members.at("token_type"), "Bearer");
  EXPECT_EQ(members.at("expires_in"), 3600);
  EXPECT_EQ(members.at("scope"), "invoices.read");
  EXPECT_FALSE(members.contains("refresh_token"));
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(response, "Pragma"), "no-cache");
}

TEST(TokenEndpoint, AnswersWithARefreshTokenWhereThatIsSwitchedOn) {
  oauth::TokenServiceSettings settings;
  settings.refresh_token.issue = true;
  TokenDesk desk(settings);
  const json::object members = members_of(desk.present(desk.office.assertion()));
  EXPECT_EQ(members.at("refresh_token").as_string().size(), 46U);
}

TEST(TokenEndpoint, WritesDownWhoWasGivenWhatByWhichKeyAndNothingSecret) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  const json::object members = members_of(desk.present(assertion));
  const json::object line = desk.office.last_audit_line();
  EXPECT_EQ(line.at("client_id"), "billing");
  EXPECT_EQ(line.at("issuer"), "billing");
  EXPECT_EQ(line.at("key_id"), "ec-1");
  EXPECT_EQ(line.at("assertion_sha256").as_string(), crypto::sha256(assertion).hex());
  EXPECT_EQ(line.at("scope"), "invoices.read");
  EXPECT_FALSE(line.contains("assertion")) << "what it said of itself is kept of a refused one";
  const std::string text = json::serialize(line);
  EXPECT_EQ(text.find(members.at("access_token").as_string()), std::string::npos);
  EXPECT_EQ(text.find(assertion.substr(assertion.rfind('.'))), std::string::npos);
}

TEST(TokenEndpoint, KeepsWhatARefusedAssertionSaidOfItselfCutAt200Characters) {
  TokenDesk desk;
  desk.present(desk.office.assertion({{"aud", std::string(300, 'a')}, {"sub", "billing"}}));
  const json::object line = desk.office.last_audit_line();
  EXPECT_EQ(line.at("reason"), "audience_mismatch");
  const json::object& said = line.at("assertion").as_object();
  EXPECT_EQ(said.at("alg"), "ES256");
  EXPECT_EQ(said.at("kid"), "ec-1");
  EXPECT_EQ(said.at("iss"), "billing");
  EXPECT_EQ(said.at("sub"), "billing");
  EXPECT_EQ(said.at("jti"), "jti-1");
  EXPECT_EQ(said.at("exp"), 1'800'000'120);
  EXPECT_EQ(said.at("aud"), json::value(json::array{std::string(200, 'a')}));
}

TEST(TokenEndpoint, RefusesASecondUse) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  EXPECT_EQ(desk.present(assertion).status, 200U);
  const auto second = desk.present(assertion);
  EXPECT_EQ(second.status, 400U);
  EXPECT_EQ(members_of(second).at("error"), "invalid_grant");
  EXPECT_EQ(desk.office.last_audit_line().at("reason"), "assertion_replayed");
}

TEST(TokenEndpoint, RefusesAGrantTypeThatItDoesNotOffer) {
  TokenDesk desk;
  EXPECT_EQ(members_of(desk.post("grant_type=password")).at("error"), "unsupported_grant_type");
  EXPECT_EQ(desk.office.last_audit_line().at("grant_type"), "password");
}

TEST(TokenEndpoint, RefusesARequestWithoutAGrantTypeOrAnAssertion) {
  TokenDesk desk;
  EXPECT_EQ(members_of(desk.post("")).at("error"), "invalid_request");
  EXPECT_EQ(members_of(desk.post("grant_type=" + form_encode(kGrantType))).at("error"),
            "invalid_request");
  EXPECT_EQ(desk.office.last_audit_line().at("reason"), "parameter_missing");
}

TEST(TokenEndpoint, PassesTheScopeParameterOn) {
  TokenDesk desk;
  const auto response = desk.present(desk.office.assertion(), "&scope=invoices.write+other");
  EXPECT_EQ(members_of(response).at("scope"), "invoices.write");
}

TEST(TokenEndpoint, ChecksCredentialsThatCameBesideTheAssertion) {
  TokenDesk desk;
  const auto response =
      desk.present(desk.office.assertion(), "&client_id=billing&client_secret=wrong");
  EXPECT_EQ(response.status, 401U);
  EXPECT_EQ(members_of(response).at("error"), "invalid_client");
}

TEST(TokenEndpoint, AlwaysNamesTheScope) {
  TokenDesk desk;
  desk.office.change("billing", "scopes", json::array());
  EXPECT_EQ(members_of(desk.present(desk.office.assertion())).at("scope"), "");
}

// They are for introspection and token info.
TEST(TokenEndpoint, KeepsTheServicesParametersToItself) {
  oauth::TokenServiceSettings settings;
  settings.parameters = {{"tenant", "north"}};
  TokenDesk desk(settings);
  EXPECT_EQ(members_of(desk.present(desk.office.assertion())).size(), 4U);
}

TEST(TokenEndpoint, AnswersInTheFormatAskedForAlsoWhenItRefuses) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  EXPECT_TRUE(desk.present(assertion, "&format=xml")
                  .body.contains("<token_type>Bearer</token_type><expires_in>3600</expires_in>"));
  EXPECT_TRUE(desk.present(assertion, "&format=xml").body.contains("<error>invalid_grant</error>"));
  EXPECT_TRUE(desk.present(assertion, "&format=urlencoded").body.starts_with("error=invalid_"));
}

struct Fault {
  const char* reason;
  std::string body;
  unsigned status;
  const char* error;
};

// RFC 6749 section 5.2 and RFC 7523 section 3.1.
TEST(TokenEndpoint, AnswersEachFaultByItsStandardError) {
  TokenDesk desk;
  const auto claiming = [&](std::string_view claim, json::value value) {
    return grant_with(desk.office.assertion({{claim, std::move(value)}}));
  };
  const std::string grant_type = "grant_type=" + form_encode(kGrantType);
  const std::string good = grant_with(desk.office.assertion());
  const std::string client_assertion =
      "&client_assertion_type=" +
      form_encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") + "&client_assertion=";
  for (const Fault& fault : {
           Fault{"form_malformed", "grant_type=%zz", 400, "invalid_request"},
           Fault{"parameter_missing", "", 400, "invalid_request"},
           Fault{"parameter_missing", "grant_type=&assertion=x", 400, "invalid_request"},
           Fault{"parameter_missing", grant_type, 400, "invalid_request"},
           Fault{"parameter_missing", grant_type + "&assertion=", 400, "invalid_request"},
           Fault{"parameter_repeated", good + "&scope=a&scope=b", 400, "invalid_request"},
           Fault{"parameter_repeated", good + "&format=xml&format=xml", 400, "invalid_request"},
           Fault{"format_unknown", good + "&format=yaml", 400, "invalid_request"},
           Fault{"client_authentication_repeated",
                 good + "&client_id=billing&client_secret=a&client_assertion=b", 400,
                 "invalid_request"},
           Fault{"grant_type_unsupported", "grant_type=password", 400, "unsupported_grant_type"},
           Fault{"assertion_malformed", grant_with("nonsense"), 400, "invalid_grant"},
           Fault{"issuer_unknown", claiming("iss", "stranger"), 400, "invalid_grant"},
           Fault{"audience_mismatch", claiming("aud", "elsewhere"), 400, "invalid_grant"},
           Fault{"expired", claiming("exp", 1'799'999'970), 400, "invalid_grant"},
           Fault{"scope_not_allowed", good + "&scope=payroll", 400, "invalid_scope"},
           Fault{"scope_malformed", good + "&scope=%22", 400, "invalid_scope"},
           Fault{"client_mismatch", good + "&client_id=payroll", 401, "invalid_client"},
           Fault{"client_assertion_refused", good + client_assertion + "nonsense", 401,
                 "invalid_client"},
       }) {
    expect_error(desk.post(fault.body), fault.status, fault.error);
    EXPECT_EQ(desk.office.last_audit_line().at("reason"), fault.reason) << fault.body;
  }
}

TEST(TokenEndpoint, RefusesAnAuthorizationThatItDoesNotKnowAndTwoOfThem) {
  TokenDesk desk;
  http::Request request = form(grant_with(desk.office.assertion()));
  request.fields.push_back({"Authorization", "Bearer abc"});
  expect_error(desk.post(request), 401, "invalid_client");
  request.fields.push_back({"Authorization", "Bearer abc"});
  expect_error(desk.post(request), 400, "invalid_request");
}

// Before the proof, unauthorized_client would tell a stranger that there is such an application.
TEST(TokenEndpoint, TellsOnlyAProvenApplicationThatItMayNotUseTheGrant) {
  TokenDesk desk;
  desk.office.change("billing", "grants", json::array());
  const std::string assertion = desk.office.assertion();
  expect_error(desk.present(assertion), 400, "unauthorized_client");
  const std::string forged = assertion.substr(0, assertion.rfind('.') + 1) + std::string(86, 'A');
  expect_error(desk.present(forged), 400, "invalid_grant");
}

TEST(TokenEndpoint, AnswersAStrangerADisabledApplicationAndABadSignatureAlike) {
  TokenDesk desk;
  const std::string assertion = desk.office.assertion();
  const auto forged =
      desk.present(assertion.substr(0, assertion.rfind('.') + 1) + std::string(86, 'A'));
  const auto unknown = desk.present(desk.office.assertion({{"iss", "stranger"}}));
  desk.office.change("billing", "enabled", false);
  const auto disabled = desk.present(assertion);
  for (const auto& other : {unknown, disabled}) {
    EXPECT_EQ(other.status, forged.status);
    EXPECT_EQ(other.body, forged.body);
  }
}

TEST(TokenEndpoint, WritesDownNothingSecretWhateverIsSentWhere) {
  oauth::TokenServiceSettings settings;
  settings.refresh_token.issue = true;
  TokenDesk desk(settings);
  const std::string assertion = desk.office.assertion();
  const json::object granted = members_of(desk.present(assertion));
  desk.present(assertion);
  desk.present(assertion, "&client_id=billing&client_secret=s3cret");
  desk.post("grant_type=" + assertion);
  desk.post(assertion + "&" + assertion);
  std::string log;
  for (const json::object& line : desk.office.audit_lines())
    log += json::serialize(line);
  for (const std::string& secret :
       {std::string(granted.at("access_token").as_string()),
        std::string(granted.at("refresh_token").as_string()), std::string("s3cret"),
        assertion.substr(0, assertion.find('.')), assertion.substr(assertion.rfind('.') + 1)})
    EXPECT_FALSE(log.contains(secret)) << secret;
}

// The connection answers it with 503.
TEST(TokenEndpoint, PassesOnThatTheStoreDoesNotAnswer) {
  testing::UnavailableTokenStore store;
  TokenDesk desk({}, &store);
  EXPECT_THROW(desk.present(desk.office.assertion()), Unavailable);
  const json::object line = desk.office.last_audit_line();
  EXPECT_EQ(line.at("outcome"), "error");
  EXPECT_EQ(line.at("client_id"), "billing");
  EXPECT_FALSE(line.contains("token_sha256_prefix"));
  EXPECT_EQ(desk.office.usage_rows().at(0).counts.exceptions, 1U);
}

TEST(TokenEndpoint, CountsItsUseUnderThePathUnlessItHasAName) {
  TokenDesk nameless;
  nameless.present(nameless.office.assertion());
  EXPECT_EQ(nameless.office.usage_rows().at(0).key.service, "/api/oauth/token");

  oauth::TokenServiceSettings settings;
  settings.monitoring.service_name = "main";
  TokenDesk named(settings);
  named.present(named.office.assertion());
  EXPECT_EQ(named.office.usage_rows().at(0).key.service, "main");
}

} // namespace
} // namespace assay::endpoints
