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
  record["scopes"] = json::array{json::object{{"name", "invoices.read"}, {"default", true}},
                                 json::object{{"name", "invoices.write"}, {"default", false}}};
  record["subjects"] = json::array{"batch", "night"};
  record["grants"] = json::array{"jwt-bearer", "client_credentials"};
  record["algorithms"] = json::array{"ES256", "RS256"};
  record["longest_assertion_life"] = 600;
  record["require_jti"] = true;
  record["may_introspect"] = true;
  record["serves"] = json::array{"urn:example:orders"};
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
  EXPECT_EQ(json::serialize(to_record(application)),
            R"({"client_id":"billing","name":"","description":"","logo":"","website":"",)"
            R"("contact_email":"","contact_phone":"","enabled":true,"keys":[],"secrets":[],)"
            R"("scopes":[],"subjects":[],"grants":["jwt-bearer"],"algorithms":[],)"
            R"("require_jti":false,"may_introspect":false,"serves":[]})");
}

} // namespace
} // namespace assay::registry
