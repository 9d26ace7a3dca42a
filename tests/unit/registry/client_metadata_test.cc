#include "registry/client_metadata.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

MetadataRules rules() {
  return {.ceiling = {.scopes = {{"read", true}, {"write", false}},
                      .grants = {GrantType::jwt_bearer, GrantType::client_credentials},
                      .auth_methods = {AuthMethod::client_secret_basic, AuthMethod::private_key_jwt,
                                       AuthMethod::tls_client_auth,
                                       AuthMethod::self_signed_tls_client_auth, AuthMethod::none},
                      .resources = {}},
          .introspection_algorithm = jose::Algorithm::es256};
}

json::object jwks(const jose::PrivateKey& key) { return {{"keys", json::array{public_jwk(key)}}}; }

json::object metadata_with(std::string_view member, json::value value) {
  json::object metadata{{"token_endpoint_auth_method", "private_key_jwt"},
                        {"jwks", jwks(testing::ec_key())}};
  metadata[member] = std::move(value);
  return metadata;
}

json::object members_of(const json::object& metadata, const MetadataRules& given = rules()) {
  const auto members = to_client_members(metadata, given);
  EXPECT_TRUE(members) << to_text(members ? FieldFaults{} : members.error().fields);
  return members.value_or(json::object{});
}

// The fields at fault, as a client is told; empty if there are none.
std::string faults_of(const json::object& metadata, const MetadataRules& given = rules()) {
  const auto members = to_client_members(metadata, given);
  if (members) return "";
  EXPECT_EQ(members.error().fault, MetadataFault::invalid);
  return to_text(members.error().fields);
}

// Whether `member`, and nothing else, is at fault.
void expect_fault(std::string_view member, const json::object& metadata,
                  const MetadataRules& given = rules()) {
  const auto members = to_client_members(metadata, given);
  ASSERT_FALSE(members) << member;
  ASSERT_EQ(members.error().fields.size(), 1U) << to_text(members.error().fields);
  EXPECT_EQ(members.error().fields.front().field, member);
}

TEST(ClientMetadata, StandsForMembersOfARecord) {
  json::object metadata = metadata_with("client_name", "Billing");
  metadata["client_uri"] = "https://billing.example";
  metadata["logo_uri"] = "https://billing.example/logo";
  metadata["contacts"] = json::array{"ops@billing.example", "other@billing.example"};
  metadata["scope"] = "write read";
  metadata["grant_types"] = json::array{"urn:ietf:params:oauth:grant-type:jwt-bearer"};
  metadata["token_endpoint_auth_signing_alg"] = "ES256";
  metadata["dpop_bound_access_tokens"] = true;
  const json::object members = members_of(metadata);
  EXPECT_EQ(members.at("name"), "Billing");
  EXPECT_EQ(members.at("website"), "https://billing.example");
  EXPECT_EQ(members.at("logo"), "https://billing.example/logo");
  EXPECT_EQ(members.at("contact_email"), "ops@billing.example");
  EXPECT_EQ(members.at("scopes"),
            parsed(R"([{"name":"write","default":false},{"name":"read","default":true}])"));
  EXPECT_EQ(members.at("grants"), json::array{"jwt-bearer"});
  EXPECT_EQ(members.at("auth_methods"), json::array{"private_key_jwt"});
  EXPECT_EQ(members.at("algorithms"), json::array{"ES256"});
  EXPECT_EQ(members.at("keys").at(0).at("jwk"), public_jwk(testing::ec_key()));
  EXPECT_EQ(members.at("dpop_bound_access_tokens"), true);
  EXPECT_TRUE(parse_application(members));
}

// RFC 7591 section 2; authorization_code, its default for grants, is not to be had.
TEST(ClientMetadata, HasDefaults) {
  const json::object members = members_of({});
  EXPECT_EQ(members.at("auth_methods"), json::array{"client_secret_basic"});
  EXPECT_EQ(members.at("grants"), (json::array{"jwt-bearer", "client_credentials"}));
  EXPECT_EQ(members.at("scopes"), parsed(R"([{"name":"read","default":true}])"));
  EXPECT_EQ(members.at("dpop_bound_access_tokens"), false);
}

TEST(ClientMetadata, HasNoDefaultThatIsAboveTheCeiling) {
  MetadataRules strict = rules();
  strict.ceiling.auth_methods = {AuthMethod::private_key_jwt};
  expect_fault("token_endpoint_auth_method", {}, strict);
}

TEST(ClientMetadata, IsIgnoredWhereItIsNotKnown) {
  json::object metadata = metadata_with("client_name#de", "Abrechnung");
  metadata["tos_uri"] = 7;
  metadata["may_introspect"] = true;
  metadata["enabled"] = false;
  metadata["subjects"] = json::array{"alice"};
  metadata["software_id"] = "4NRB1-0XZABZI9E6-5SM3R";
  for (const auto& [name, value] : members_of(metadata))
    EXPECT_NE(std::ranges::find(kClientMembers, std::string_view(name)), kClientMembers.end())
        << name;
}

// RFC 7592 section 2.2.
TEST(ClientMetadata, TakesNullAndEmptyTextsForAbsent) {
  for (const json::value& empty : {json::value(nullptr), json::value("")}) {
    EXPECT_FALSE(members_of(metadata_with("client_name", empty)).contains("name"));
    EXPECT_EQ(members_of(metadata_with("scope", empty)).at("scopes"),
              parsed(R"([{"name":"read","default":true}])"));
    EXPECT_FALSE(members_of(metadata_with("jwks_uri", empty)).contains("jwks_uri"));
    expect_fault("jwks", {{"token_endpoint_auth_method", "private_key_jwt"}, {"jwks_uri", empty}});
  }
}

TEST(ClientMetadata, StaysWithinTheCeiling) {
  expect_fault("scope", metadata_with("scope", "read admin"));
  expect_fault("grant_types[0]",
               metadata_with("grant_types", json::array{"refresh_token", "client_credentials"}));
  expect_fault("grant_types[0]", metadata_with("grant_types", json::array{"authorization_code",
                                                                          "client_credentials"}));
  expect_fault("token_endpoint_auth_method",
               metadata_with("token_endpoint_auth_method", "client_secret_post"));
  expect_fault("token_endpoint_auth_method",
               metadata_with("token_endpoint_auth_method", "client_secret_jwt"));
}

TEST(ClientMetadata, HasWhatTheCeilingDemands) {
  MetadataRules bound = rules();
  bound.ceiling.dpop_bound = true;
  bound.ceiling.tls_bound = true;
  const json::object members = members_of(metadata_with("scope", "read"), bound);
  EXPECT_EQ(members.at("dpop_bound_access_tokens"), true);
  EXPECT_EQ(members.at("tls_client_certificate_bound_access_tokens"), true);
  expect_fault("dpop_bound_access_tokens", metadata_with("dpop_bound_access_tokens", false), bound);
}

TEST(ClientMetadata, IsRefusedWithValuesOfAnotherType) {
  for (const std::string_view member :
       {"client_name", "client_uri", "logo_uri", "scope", "jwks_uri", "contacts", "grant_types",
        "response_types", "token_endpoint_auth_signing_alg", "introspection_signed_response_alg",
        "dpop_bound_access_tokens", "tls_client_auth_san_dns"})
    EXPECT_NE(faults_of(metadata_with(member, 7)).find(member), std::string::npos) << member;
  EXPECT_NE(faults_of(metadata_with("token_endpoint_auth_method", 7)), "");
  EXPECT_NE(faults_of(metadata_with("jwks", "text")), "");
  EXPECT_NE(faults_of(metadata_with("jwks", json::array{})), "");
  expect_fault("jwks.keys[0]", metadata_with("jwks", parsed(R"({"keys": [7]})")));
}

TEST(ClientMetadata, HasOnePlaceForKeys) {
  expect_fault("jwks_uri", metadata_with("jwks_uri", "https://billing.example/jwks"));
}

TEST(ClientMetadata, HasKeysIfTheClientAuthenticatesByThem) {
  for (const char* method : {"private_key_jwt", "self_signed_tls_client_auth"}) {
    expect_fault("jwks", {{"token_endpoint_auth_method", method}});
    expect_fault("jwks", {{"token_endpoint_auth_method", method},
                          {"jwks", json::object{{"keys", json::array{}}}}});
  }
  expect_fault("tls_client_auth_subject_dn", {{"token_endpoint_auth_method", "tls_client_auth"}});
  const json::object members = members_of({{"token_endpoint_auth_method", "tls_client_auth"},
                                           {"tls_client_auth_san_dns", "billing.example"}});
  EXPECT_EQ(members.at("tls_client_auth_san_dns"), "billing.example");
}

// Whoever sent it has given it away.
TEST(ClientMetadata, IsRefusedWithAPrivateKey) {
  json::object key = public_jwk(testing::ec_key());
  key["d"] = "AAAA";
  expect_fault("jwks.keys[0]", metadata_with("jwks", json::object{{"keys", json::array{key}}}));
  expect_fault("jwks.keys[0]",
               metadata_with("jwks", parsed(R"({"keys": [{"kty": "oct", "k": "AAAA"}]})")));
}

TEST(ClientMetadata, HasNoGrantThatItsMethodCannotUse) {
  json::object metadata{{"token_endpoint_auth_method", "none"},
                        {"grant_types", json::array{"client_credentials"}}};
  EXPECT_NE(faults_of(metadata).find("grant_types[0]: needs a client that authenticates"),
            std::string::npos);
  metadata.erase("grant_types");
  EXPECT_EQ(members_of(metadata).at("grants"), json::array{"jwt-bearer"});
}

TEST(ClientMetadata, NamesNoResponseType) {
  EXPECT_EQ(faults_of(metadata_with("response_types", json::array{})), "");
  expect_fault("response_types", metadata_with("response_types", json::array{"code"}));
}

TEST(ClientMetadata, NamesNoAlgorithmThatIsNotUsedHere) {
  expect_fault("token_endpoint_auth_signing_alg",
               metadata_with("token_endpoint_auth_signing_alg", "HS256"));
  expect_fault("introspection_signed_response_alg",
               metadata_with("introspection_signed_response_alg", "RS256"));
  EXPECT_EQ(faults_of(metadata_with("introspection_signed_response_alg", "ES256")), "");
}

TEST(ClientMetadata, HasOtherErrorsForRedirectsAndStatements) {
  const auto redirect = to_client_members(
      metadata_with("redirect_uris", json::array{"https://client.example"}), rules());
  ASSERT_FALSE(redirect);
  EXPECT_EQ(redirect.error().fault, MetadataFault::redirect_uri);
  EXPECT_TRUE(to_client_members(metadata_with("redirect_uris", json::array{}), rules()));
  const auto statement = to_client_members(metadata_with("software_statement", "a.b.c"), rules());
  ASSERT_FALSE(statement);
  EXPECT_EQ(statement.error().fault, MetadataFault::software_statement);
}

TEST(ClientMetadata, NamesTheFaultsOfTheRecordByItsOwnNames) {
  const auto named = [](std::string_view field) {
    return in_metadata({{std::string(field), "bad"}}).front().field;
  };
  EXPECT_EQ(named("name"), "client_name");
  EXPECT_EQ(named("website"), "client_uri");
  EXPECT_EQ(named("contact_email"), "contacts[0]");
  EXPECT_EQ(named("keys[2].jwk"), "jwks.keys[2]");
  EXPECT_EQ(named("keys[2].kid"), "jwks.keys[2].kid");
  EXPECT_EQ(named("keys"), "jwks.keys");
  EXPECT_EQ(named("jwks_uri"), "jwks_uri");
  EXPECT_EQ(named("tls_client_auth_san_ip"), "tls_client_auth_san_ip");
}

TEST(ClientMetadata, IsShownAsItCanBeSentAgain) {
  json::object sent = metadata_with("client_name", "Billing");
  sent["scope"] = "write";
  sent["contacts"] = json::array{"ops@billing.example"};
  sent["token_endpoint_auth_signing_alg"] = "ES256";
  const auto application = parse_application(members_of(sent));
  ASSERT_TRUE(application);
  const json::object shown = to_metadata(*application, jose::Algorithm::es256);
  for (const auto& [name, value] : sent)
    EXPECT_EQ(shown.at(name), value) << name;
  EXPECT_EQ(shown.at("response_types"), json::array{});
  EXPECT_EQ(members_of(shown), members_of(sent));
}

// The client would send them again, and be refused.
TEST(ClientMetadata, ShowsNoKeyThatAnOperatorDisabled) {
  json::object record = billing_record();
  record["keys"].as_array().front().as_object()["enabled"] = false;
  const auto shown = to_metadata(*parse_application(record), jose::Algorithm::es256);
  EXPECT_EQ(shown.at("jwks").at("keys"), json::array{});
}

TEST(ClientMetadata, ShowsAKeyInPemAsAJwk) {
  const json::object entry{{"pem", testing::ec_key().public_key().to_pem()}, {"kid", "pem-1"}};
  const auto application = parse_application(record_with("keys", json::array{entry}));
  const auto shown = to_metadata(*application, jose::Algorithm::es256);
  const json::value& key = shown.at("jwks").at("keys").at(0);
  EXPECT_EQ(key.at("kid"), "pem-1");
  EXPECT_EQ(key.at("x"), public_jwk(testing::ec_key()).at("x"));
}

TEST(ClientMetadata, WithoutItsTokenCanHaveWhatTheRecordHas) {
  const auto application = parse_application(members_of(metadata_with("scope", "write")));
  const RegistrationCeiling ceiling = ceiling_of(*application);
  const MetadataRules left{ceiling, jose::Algorithm::es256};
  EXPECT_EQ(faults_of(metadata_with("scope", "write"), left), "");
  expect_fault("scope", metadata_with("scope", "write read"), left);
  expect_fault("token_endpoint_auth_method", metadata_with("token_endpoint_auth_method", "none"),
               left);
}

} // namespace
} // namespace assay::registry
