#include "registry/application.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

// Every member that there is, none of them at its default.
json::object full_record() {
  json::object record{
      {"client_id", "billing"},
      {"name", "Billing"},
      {"description", "Makes invoices.\nBy night."},
      {"logo", "https://example.com/logo.png"},
      {"website", "https://example.com/"},
      {"contact_email", "ops@example.com"},
      {"contact_phone", "+44 20 7946 0000"},
      {"enabled", false},
  };
  json::object limited{{"kid", "mine"},
                       {"pem", testing::rsa_key().public_key().to_pem()},
                       {"enabled", false},
                       {"not_after", "2027-01-31T09:30:00.250Z"}};
  json::object jwk{{"kid", "ec-1"}, {"jwk", public_jwk(testing::ec_key())}, {"enabled", true}};
  record["keys"] = json::array{limited, jwk};
  record["secrets"] = json::array{json::object{{"sha256", crypto::sha256("s").hex()},
                                               {"not_after", "2027-01-31T09:30:00.000Z"}}};
  record["secrets"].as_array().push_back(
      json::object{{"argon2id", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                "TKOqDM6aL2pZ1MRHcTyKcTPjcQfXNYcNMMwtQn7ASXs"}});
  record["scopes"] = json::array{json::object{{"name", "invoices.read"}, {"default", true}},
                                 json::object{{"name", "invoices.write"}, {"default", false}}};
  record["subjects"] = json::array{"batch", "night"};
  record["grants"] = json::array{"jwt-bearer", "client_credentials"};
  record["auth_methods"] = json::array{"client_secret_basic", "private_key_jwt"};
  record["algorithms"] = json::array{"ES256", "RS256"};
  record["longest_assertion_life"] = 600;
  record["jwks_uri"] = "https://billing.example/keys";
  record["jwks_ca"] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
  record["token_url_audience_until"] = "2027-01-31T09:30:00.000Z";
  record["require_jti"] = true;
  record["may_introspect"] = true;
  record["serves"] = json::array{"urn:example:orders"};
  record["resources"] = json::array{"urn:example:stock"};
  record["tls_client_auth_san_uri"] = "spiffe://example/billing";
  record["dpop_bound_access_tokens"] = true;
  record["tls_client_certificate_bound_access_tokens"] = true;
  record["registration_token_sha256"] = crypto::sha256("r").hex();
  record["registered_by"] = "0123456789abcdef";
  return record;
}

TEST(ApplicationRecord, ComesBackAsItWas) {
  const json::object record = full_record();
  const auto application = parse_application(record);
  ASSERT_TRUE(application) << to_text(application.error());
  EXPECT_EQ(json::serialize(to_record(*application)), json::serialize(record));
}

TEST(ApplicationRecord, IsLoadedAsItWasParsed) {
  const auto application = parse_application(full_record());
  ASSERT_TRUE(application);
  const std::string text = json::serialize(to_record(*application));
  const auto loaded = load_application("billing", text);
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(json::serialize(to_record(*loaded)), text);
}

TEST(ApplicationRecord, ShowsEveryMemberThatCanBeSet) {
  Application application;
  application.id = "billing";
  EXPECT_EQ(
      json::serialize(to_record(application)),
      R"({"client_id":"billing","name":"","description":"","logo":"","website":"",)"
      R"("contact_email":"","contact_phone":"","enabled":true,"keys":[],"secrets":[],)"
      R"("scopes":[],"subjects":[],"grants":["jwt-bearer"],"auth_methods":[],"algorithms":[],)"
      R"("require_jti":false,"may_introspect":false,"serves":[],"resources":[],)"
      R"("dpop_bound_access_tokens":false,"tls_client_certificate_bound_access_tokens":false})");
}

} // namespace
} // namespace assay::registry
