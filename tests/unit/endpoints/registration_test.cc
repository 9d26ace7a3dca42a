#include "endpoints/registration.h"

#include <gtest/gtest.h>

#include "support/keys.h"
#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPath = "/api/oauth/register";

class Registration : public ::testing::Test {
protected:
  Registration() {
    registry::InitialAccessToken wanted;
    wanted.created_at = office_.now;
    wanted.expires_at = office_.now + 1h;
    wanted.registry = "Applications";
    wanted.ceiling = {
        .scopes = {{"read", true}},
        .grants = {registry::GrantType::jwt_bearer},
        .auth_methods = {registry::AuthMethod::client_secret_basic, registry::AuthMethod::none},
        .resources = {}};
    auto made = registry::make_initial_access_token(wanted, crypto::secure_random);
    EXPECT_TRUE(registry::InitialAccessTokens(store_).add(made.token));
    token_ = made.text.reveal();
  }

  http::Response send(const std::string& method, const std::string& below, const std::string& token,
                      const std::string& body = "") {
    http::Request request;
    request.id = "0123456789abcdef";
    request.method = method;
    request.path = std::string(kPath) + below;
    if (!token.empty()) request.fields.push_back({"Authorization", "Bearer " + token});
    if (!body.empty()) request.fields.push_back({"Content-Type", "application/json"});
    request.body = body;
    return testing::result_of(below.empty() ? endpoint_.handle(request)
                                            : endpoint_.handle_client(request));
  }

  json::object registered() { return members_of(send("POST", "", token_, "{}")); }

  static std::string text(const json::object& members, std::string_view name) {
    return std::string(members.at(name).as_string());
  }

  json::value audited(std::string_view member) {
    const json::object line = office_.last_audit_line();
    return line.contains(member) ? line.at(member) : json::value();
  }

  void expect_refusal(const http::Response& response, unsigned status, std::string_view error,
                      std::string_view reason) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(text(members_of(response), "error"), error);
    EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
    EXPECT_EQ(audited("reason").as_string(), reason);
  }

  Office office_;
  BlockingWorkers work_{1, 8};
  stores::MemoryPropertyStore store_;
  std::string token_;
  RegistrationEndpoint endpoint_{
      {.registrar = registry::ClientRegistrar({.store = store_,
                                               .tables = {"Applications"},
                                               .introspection_algorithm = jose::Algorithm::es256,
                                               .random = crypto::secure_random,
                                               .clock = [this] { return office_.now; },
                                               .publish = [] {}}),
       .work = work_,
       .books = office_.books()},
      "https://as.example/api/oauth/register",
      std::string(kPath)};
};

// RFC 7591 section 3.2.1.
TEST_F(Registration, AnswersWithAllThatIsRegistered) {
  const auto response = send("POST", "", token_, R"({"client_name": "Billing"})");
  EXPECT_EQ(response.status, 201U);
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(response, "Pragma"), "no-cache");
  const json::object members = members_of(response);
  EXPECT_EQ(text(members, "client_name"), "Billing");
  EXPECT_EQ(text(members, "scope"), "read");
  EXPECT_EQ(members.at("client_id_issued_at"), 1'800'000'000);
  EXPECT_EQ(members.at("client_secret_expires_at"), 0);
  EXPECT_EQ(text(members, "client_secret").size(), 43U);
  EXPECT_EQ(text(members, "registration_access_token").size(), 43U);
  EXPECT_EQ(text(members, "registration_client_uri"),
            "https://as.example/api/oauth/register/" + text(members, "client_id"));
}

TEST_F(Registration, HasNoSecretWhereNoneIsNeeded) {
  const auto members =
      members_of(send("POST", "", token_, R"({"token_endpoint_auth_method": "none"})"));
  EXPECT_FALSE(members.contains("client_secret"));
  EXPECT_FALSE(members.contains("client_secret_expires_at"));
}

TEST_F(Registration, LeavesALineWithoutAnySecret) {
  const json::object members = registered();
  EXPECT_EQ(audited("event"), "registration");
  EXPECT_EQ(audited("outcome"), "granted");
  EXPECT_EQ(audited("client_id"), members.at("client_id"));
  EXPECT_EQ(audited("detail").as_string(), "registered by " + token_.substr(0, 16));
  const std::string line = json::serialize(office_.last_audit_line());
  for (const char* name : {"client_secret", "registration_access_token"})
    EXPECT_EQ(line.find(text(members, name)), std::string::npos);
}

// RFC 6750 section 3.1: no code for one who sent nothing.
TEST_F(Registration, ChallengesWhoHasNoToken) {
  const auto response = send("POST", "", "", "{}");
  expect_refusal(response, 401, "invalid_token", "registration_token_missing");
  EXPECT_EQ(field_of(response, "WWW-Authenticate"), R"(Bearer realm="assay")");
}

TEST_F(Registration, RefusesABadToken) {
  const auto response = send("POST", "", "gone", "{}");
  expect_refusal(response, 401, "invalid_token", "registration_token_unknown");
  EXPECT_EQ(field_of(response, "WWW-Authenticate"),
            R"(Bearer realm="assay", error="invalid_token")");
}

TEST_F(Registration, RefusesTwoTokens) {
  http::Request request;
  request.method = "POST";
  request.path = kPath;
  request.fields = {{"Authorization", "Bearer " + token_}, {"Authorization", "Bearer b"}};
  const auto response = testing::result_of(endpoint_.handle(request));
  expect_refusal(response, 400, "invalid_request", "client_authentication_repeated");
}

// RFC 7591 section 3.2.2; the characters are those of RFC 6749 section 5.2.
TEST_F(Registration, NamesTheMembersAtFault) {
  const auto response =
      send("POST", "", token_, R"({"scope": "admin", "token_endpoint_auth_signing_alg": "x"})");
  expect_refusal(response, 400, "invalid_client_metadata", "client_metadata_invalid");
  const std::string description = text(members_of(response), "error_description");
  EXPECT_NE(description.find("scope"), std::string::npos);
  EXPECT_NE(description.find("token_endpoint_auth_signing_alg"), std::string::npos);
  EXPECT_EQ(description.find_first_of("\"\\\n"), std::string::npos);
}

TEST_F(Registration, SaysNoMoreOfOtherRefusalsThanTheirFaces) {
  const auto response = send("POST", "", token_, R"({"a": "b",})");
  expect_refusal(response, 400, "invalid_request", "registration_body_malformed");
  EXPECT_EQ(text(members_of(response), "error_description"),
            "Send the client metadata as application/json, one object.");
}

// RFC 7592 section 3 wants the token in each answer; it is known here by its digest alone.
TEST_F(Registration, ShowsAClientWhatItRegistered) {
  json::object members = registered();
  const auto response =
      send("GET", "/" + text(members, "client_id"), text(members, "registration_access_token"));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(audited("detail"), "read");
  for (const char* name : {"client_secret", "client_secret_expires_at", "client_id_issued_at"})
    members.erase(name);
  EXPECT_EQ(members_of(response), members);
}

TEST_F(Registration, ReplacesWhatAClientRegistered) {
  const json::object members = registered();
  const std::string id = text(members, "client_id");
  const auto response = send("PUT", "/" + id, text(members, "registration_access_token"),
                             R"({"client_name": "New", "client_id": ")" + id + R"("})");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(audited("detail"), "updated");
  EXPECT_EQ(text(members_of(response), "client_name"), "New");
  EXPECT_FALSE(members_of(response).contains("client_secret"));
}

TEST_F(Registration, RemovesWhatAClientRegistered) {
  const json::object members = registered();
  const std::string below = "/" + text(members, "client_id");
  const std::string token = text(members, "registration_access_token");
  const auto response = send("DELETE", below, token);
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(audited("detail"), "deleted");
  expect_refusal(send("GET", below, token), 401, "invalid_token", "registration_client_unknown");
}

// Or a stranger could tell which clients there are.
TEST_F(Registration, AnswersAlikeForAClientThatIsNotThereAndAnothersToken) {
  const json::object members = registered();
  const auto foreign = send("GET", "/" + text(members, "client_id"), token_);
  expect_refusal(foreign, 401, "invalid_token", "registration_token_foreign");
  const auto unknown = send("GET", "/nobody", token_);
  expect_refusal(unknown, 401, "invalid_token", "registration_client_unknown");
  EXPECT_EQ(foreign.body, unknown.body);
}

TEST_F(Registration, AnswersOtherMethodsWithThoseThatThereAre) {
  const auto response = send("POST", "/some-client", token_, "{}");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(field_of(response, "Allow"), "GET, PUT, DELETE, HEAD");
}

} // namespace
} // namespace assay::endpoints
