#include "registry/application.h"

#include <functional>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "registry/record_limits.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

TEST(ApplicationReader, ReadsEveryMember) {
  json::object record = billing_record();
  record["description"] = "two\nlines";
  record["logo"] = "https://example.com/logo.png";
  record["website"] = "http://example.com";
  record["contact_email"] = "ops@example.com";
  record["contact_phone"] = "+44 20 7946 0000";
  record["enabled"] = false;
  record["secrets"] = parsed(fmt::format(
      R"([{{"sha256": "{}", "not_after": "2027-01-31T00:00:00Z"}}])", crypto::sha256("s").hex()));
  record["subjects"] = json::array{"batch"};
  record["grants"] = json::array{"refresh_token", "client_credentials"};
  record["algorithms"] = json::array{"ES256", "EdDSA"};
  record["longest_assertion_life"] = 600;
  record["require_jti"] = true;
  record["may_introspect"] = true;
  record["serves"] = json::array{"urn:example:orders"};
  record["resources"] = json::array{"urn:example:stock"};

  const auto application = parse_application(record);
  ASSERT_TRUE(application) << to_text(application.error());
  EXPECT_EQ(application->id, "billing");
  EXPECT_EQ(application->name, "Billing");
  EXPECT_EQ(application->description, "two\nlines");
  EXPECT_EQ(application->logo, "https://example.com/logo.png");
  EXPECT_EQ(application->website, "http://example.com");
  EXPECT_EQ(application->contact_email, "ops@example.com");
  EXPECT_EQ(application->contact_phone, "+44 20 7946 0000");
  EXPECT_FALSE(application->enabled);
  ASSERT_EQ(application->keys.size(), 1U);
  ASSERT_EQ(application->secrets.size(), 1U);
  EXPECT_EQ(std::get<crypto::Digest>(application->secrets[0].kept), crypto::sha256("s"));
  EXPECT_TRUE(application->secrets[0].not_after);
  ASSERT_EQ(application->scopes.size(), 1U);
  EXPECT_EQ(application->scopes[0].name, "invoices.read");
  EXPECT_TRUE(application->scopes[0].is_default);
  EXPECT_EQ(application->subjects, std::vector<std::string>{"batch"});
  EXPECT_FALSE(application->may_use(GrantType::jwt_bearer));
  EXPECT_TRUE(application->may_use(GrantType::client_credentials));
  EXPECT_TRUE(application->allows(jose::Algorithm::eddsa));
  EXPECT_FALSE(application->allows(jose::Algorithm::rs256));
  EXPECT_EQ(application->longest_assertion_life, 600s);
  EXPECT_TRUE(application->require_jti);
  EXPECT_TRUE(application->may_introspect);
  EXPECT_EQ(application->serves, std::vector<std::string>{"urn:example:orders"});
  EXPECT_EQ(application->resources, std::vector<std::string>{"urn:example:stock"});
}

TEST(ApplicationReader, TakesTheSafeSideOfWhatIsLeftOut) {
  const auto application = parse_application(json::object{});
  ASSERT_TRUE(application) << to_text(application.error());
  EXPECT_EQ(application->id, "");
  EXPECT_TRUE(application->enabled);
  EXPECT_TRUE(application->keys.empty());
  EXPECT_TRUE(application->scopes.empty());
  EXPECT_EQ(application->grants, std::vector{GrantType::jwt_bearer});
  EXPECT_FALSE(application->longest_assertion_life);
  EXPECT_FALSE(application->may_introspect);
}

TEST(ApplicationReader, MakesAScopeDefaultOnlyWhenTold) {
  const auto application = parse_application(parsed(R"({"scopes": [{"name": "a"}]})"));
  ASSERT_TRUE(application);
  EXPECT_FALSE(application->scopes[0].is_default);
}

TEST(ApplicationReader, RefusesWhatIsNoObject) {
  EXPECT_EQ(faults_of(parsed("[]")), "must be a JSON object");
}

TEST(ApplicationReader, ReportsAllFaultsAtOnce) {
  const auto application = parse_application(parsed(
      R"({"client_id": "a b", "enabled": "yes", "scopes": [{"name": "x y"}], "colour": 1})"));
  ASSERT_FALSE(application);
  std::vector<std::string> fields;
  for (const FieldFault& fault : application.error())
    fields.push_back(fault.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"client_id", "enabled", "scopes[0].name", "colour"}));
}

TEST(ApplicationReader, RefusesAJwks) {
  EXPECT_TRUE(faults_of(record_with("jwks", json::object{})).starts_with("jwks: is not known"));
}

struct BadValue {
  std::string member;
  std::string json;
  std::string field; // where the fault is found
};

class ApplicationReaderBadValues : public ::testing::TestWithParam<BadValue> {};

TEST_P(ApplicationReaderBadValues, AreRefusedByTheirPath) {
  const auto& [member, json, field] = GetParam();
  const auto application = parse_application(record_with(member, parsed(json)));
  ASSERT_FALSE(application) << member << " " << json;
  ASSERT_EQ(application.error().size(), 1U) << to_text(application.error());
  EXPECT_EQ(application.error()[0].field, field);
  EXPECT_FALSE(application.error()[0].what.empty());
}

std::string quoted(std::size_t length) { return '"' + std::string(length, 'x') + '"'; }

// A list of that many different items, each made from its number.
std::string list_of(std::size_t length, const std::function<std::string(std::size_t)>& item) {
  std::string list;
  for (std::size_t index = 0; index < length; ++index)
    list += (index ? "," : "") + item(index);
  return "[" + list + "]";
}

std::string secret_item(std::size_t number) {
  return fmt::format(R"({{"sha256": "{}"}})", crypto::sha256(std::to_string(number)).hex());
}

INSTANTIATE_TEST_SUITE_P(
    Identity, ApplicationReaderBadValues,
    ::testing::Values(
        BadValue{"client_id", R"("")", "client_id"}, BadValue{"client_id", R"(".")", "client_id"},
        BadValue{"client_id", R"("a\"b")", "client_id"},
        BadValue{"client_id", quoted(129), "client_id"}, BadValue{"client_id", "5", "client_id"},
        BadValue{"client_id", "null", "client_id"}, BadValue{"name", quoted(501), "name"},
        BadValue{"name", R"("two\nlines")", "name"},
        BadValue{"description", quoted(4001), "description"},
        BadValue{"logo", "\"javascript:alert(1)\"", "logo"},
        BadValue{"website", R"("example.com")", "website"},
        BadValue{"contact_email", R"("example.com")", "contact_email"},
        BadValue{"contact_email", R"("@example.com")", "contact_email"},
        BadValue{"contact_email", R"("ops@")", "contact_email"},
        BadValue{"contact_email", R"("a@b@c")", "contact_email"},
        BadValue{"contact_email", R"("a b@c")", "contact_email"},
        BadValue{"contact_phone", "5", "contact_phone"}, BadValue{"enabled", "1", "enabled"}));

INSTANTIATE_TEST_SUITE_P(
    Permissions, ApplicationReaderBadValues,
    ::testing::Values(
        BadValue{"secrets", R"([{}])", "secrets[0].sha256"},
        BadValue{"secrets", R"([{"sha256": "abc"}])", "secrets[0].sha256"},
        BadValue{"secrets", list_of(2, [](auto) { return secret_item(1); }), "secrets[1].sha256"},
        BadValue{"secrets", list_of(11, secret_item), "secrets"},
        BadValue{"scopes", R"(["invoices.read"])", "scopes[0]"},
        BadValue{"scopes", R"([{"default": true}])", "scopes[0].name"},
        BadValue{"tls_client_auth_subject_dn", R"("billing")", "tls_client_auth_subject_dn"},
        BadValue{"tls_client_auth_subject_dn", R"("CN=a, O=b")", "tls_client_auth_subject_dn"},
        BadValue{"scopes", R"([{"name": ""}])", "scopes[0].name"},
        BadValue{"scopes", "[{\"name\": " + quoted(129) + "}]", "scopes[0].name"},
        BadValue{"scopes", R"([{"name": "a"}, {"name": "a"}])", "scopes[1].name"},
        BadValue{"scopes", R"([{"name": "a", "default": 1}])", "scopes[0].default"},
        BadValue{"scopes", R"([{"name": "a", "defualt": true}])", "scopes[0].defualt"},
        BadValue{"scopes",
                 list_of(1001, [](auto n) { return fmt::format(R"({{"name": "s{}"}})", n); }),
                 "scopes"},
        BadValue{"subjects", R"([""])", "subjects[0]"},
        BadValue{"subjects", R"(["a", "a"])", "subjects[1]"},
        BadValue{"subjects", "[" + quoted(513) + "]", "subjects[0]"},
        BadValue{"subjects", list_of(1001, [](auto n) { return fmt::format("\"s{}\"", n); }),
                 "subjects"},
        BadValue{"grants", R"(["password"])", "grants[0]"},
        BadValue{"grants", R"(["jwt-bearer", "jwt-bearer"])", "grants[1]"},
        BadValue{"grants", R"("jwt-bearer")", "grants"},
        BadValue{"algorithms", R"(["none"])", "algorithms[0]"},
        BadValue{"algorithms", R"(["HS256"])", "algorithms[0]"},
        BadValue{"algorithms", R"(["rs256"])", "algorithms[0]"},
        BadValue{"longest_assertion_life", "0", "longest_assertion_life"},
        BadValue{"longest_assertion_life", "86401", "longest_assertion_life"},
        BadValue{"longest_assertion_life", "300.0", "longest_assertion_life"},
        BadValue{"longest_assertion_life", R"("300s")", "longest_assertion_life"},
        BadValue{"require_jti", R"("true")", "require_jti"},
        BadValue{"may_introspect", "null", "may_introspect"},
        BadValue{"serves", R"(["/orders"])", "serves[0]"},
        BadValue{"serves", R"(["https://api.example/#part"])", "serves[0]"},
        BadValue{"serves", R"(["urn:a", "urn:a"])", "serves[1]"},
        BadValue{"resources", R"(["/orders"])", "resources[0]"},
        BadValue{"resources", R"(["urn:a", "urn:b#part"])", "resources[1]"}));

TEST(ApplicationLoader, TakesARowOfTheStoreWithoutParsingItsKeys) {
  const auto application =
      load_application("billing", R"({"client_id": "billing", "keys": [{"pem": "not a key"}]})");
  ASSERT_TRUE(application) << to_text(application.error());
  EXPECT_EQ(application->keys.size(), 1U);
}

TEST(ApplicationLoader, GivesARecordWithoutIdTheKeyOfItsRow) {
  const auto application = load_application("billing", R"({"name": "Billing"})");
  ASSERT_TRUE(application);
  EXPECT_EQ(application->id, "billing");
}

// Or one row could answer for another application.
TEST(ApplicationLoader, RefusesARecordUnderTheKeyOfAnother) {
  const auto application = load_application("billing", R"({"client_id": "shipping"})");
  ASSERT_FALSE(application);
  EXPECT_EQ(to_text(application.error()), "client_id: must be the key of its row");
}

TEST(ApplicationLoader, RefusesARowKeyThatIsNoClientId) {
  EXPECT_FALSE(load_application("a b", "{}"));
}

TEST(ApplicationLoader, SaysWhereTheJsonIsBad) {
  const auto application = load_application("billing", R"({"name": })");
  ASSERT_FALSE(application);
  EXPECT_TRUE(to_text(application.error()).starts_with("not good JSON at byte 9"))
      << to_text(application.error());
}

TEST(ApplicationLoader, RefusesAnUnknownMember) {
  EXPECT_FALSE(load_application("billing", R"({"enbled": false})"));
}

// RFC 4514. Another kind of name may look like anything.
TEST(ApplicationReader, TakesASubjectThatIsAName) {
  for (const auto& [member, value] :
       {std::pair{"tls_client_auth_subject_dn", R"(cn=Billing\, Inc.+UID=7,O=Example)"},
        std::pair{"tls_client_auth_san_dns", "billing.example"}}) {
    const auto application = parse_application(record_with(member, value));
    ASSERT_TRUE(application) << to_text(application.error());
    EXPECT_EQ(application->certificate_name->value, value);
  }
}

TEST(ApplicationReader, ReadsWhoseRegistrationItIs) {
  json::object record = record_with("registered_by", "0123456789abcdef");
  record["registration_token_sha256"] = crypto::sha256("token").hex();
  const auto application = parse_application(record);
  ASSERT_TRUE(application);
  EXPECT_EQ(application->registered_by, "0123456789abcdef");
  EXPECT_EQ(application->registration_token_sha256, crypto::sha256("token"));
  EXPECT_EQ(parse_application(to_record(*application))->registration_token_sha256,
            crypto::sha256("token"));
  EXPECT_NE(faults_of(record_with("registration_token_sha256", "token")), "");
}

} // namespace
} // namespace assay::registry
