#include "unit/endpoints/office.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/base64url.h"
#include "base/form_text.h"
#include "base/strict_json.h"
#include "crypto/digest.h"
#include "support/assertions.h"
#include "support/keys.h"
#include "support/tasks.h"
#include "support/tokens.h"

namespace assay::endpoints {

namespace {

constexpr std::string_view kTable = registry::kDefaultApplicationTable;

json::object billing() {
  const auto jwk = parse_strict_json(testing::ec_key().public_key().to_jwk());
  json::array keys;
  keys.push_back(json::object{{"jwk", *jwk}});
  json::array scopes;
  scopes.push_back(json::object{{"name", "invoices.read"}, {"default", true}});
  scopes.push_back(json::object{{"name", "invoices.write"}, {"default", false}});
  return {{"client_id", "billing"}, {"name", "Billing"}, {"keys", keys}, {"scopes", scopes}};
}

json::object api(const std::string& secret) {
  json::array secrets;
  secrets.push_back(json::object{{"sha256", crypto::sha256(secret).hex()}});
  return {{"client_id", "api"}, {"secrets", secrets}, {"may_introspect", true}};
}

std::string base64(std::string_view text) {
  std::string encoded = base64url_encode(text);
  for (char& character : encoded) {
    if (character == '-') character = '+';
    if (character == '_') character = '/';
  }
  encoded.append((4 - encoded.size() % 4) % 4, '=');
  return encoded;
}

} // namespace

Office::Office(oauth::TokenServiceSettings settings)
    : settings_(std::move(settings)), secret_("s3cret of the api"),
      clients_(
          {.applications = applications(),
           .senders = oauth::SenderLookup(applications()),
           .verifier = oauth::AssertionVerifier({.use = oauth::AssertionUse::client_authentication,
                                                 .audiences = {std::string(kIssuer)},
                                                 .token_urls = {},
                                                 .require_subject = true},
                                                keys_),
           .limits = {},
           .chosen_secrets = chosen_secrets_,
           .keys = keys_}),
      inspection_({.tokens = *tokens_,
                   .unstored = workshop_.unstored(),
                   .standing = oauth::TokenStanding(
                       [this](const oauth::TokenRecord& record) {
                         return registry_->find(record.client_id);
                       },
                       {}),
                   .askers = applications(),
                   .issuer = std::string(kIssuer)}) {
  put(billing());
  put(api(secret_));
  registry_ = std::make_unique<registry::ApplicationRegistry>(
      properties_, std::string(kTable),
      [](std::string_view key, std::string_view why) { ADD_FAILURE() << key << ": " << why; });
}

oauth::ApplicationLookup Office::applications() const {
  return [this](std::string_view client_id) { return registry_->find(client_id); };
}

void Office::change(const std::string& client_id, std::string_view member, json::value value) {
  auto record = parse_strict_json(properties_.find(kTable, client_id)->value)->get_object();
  record[member] = std::move(value);
  put(record);
  registry_->refresh();
}

void Office::remove(const std::string& client_id) {
  const registry::PropertyWrite erasure{client_id, std::nullopt, std::nullopt};
  properties_.apply(kTable, {&erasure, 1});
  registry_->refresh();
}

oauth::TokenRecord Office::ordinary_token() const {
  const TimePoint expires_at = now + std::chrono::hours(1);
  return testing::record_of(testing::token_text("token", expires_at, now), expires_at, now);
}

std::string Office::issue(oauth::TokenRecord record) {
  const std::string text = testing::token_text("token", record.expires_at, record.issued_at);
  testing::result_of(tokens_->issue({std::move(record), {}, {}}, now));
  return text;
}

std::string Office::unstored_token() {
  const oauth::TokenRecord record = ordinary_token();
  const auto locator = oauth::TokenLocator::of(record.issued_at, record.expires_at);
  std::string payload = oauth::jwt_access_token_payload(
      record, oauth::jwt_access_token_id(locator, crypto::secure_random),
      {std::string(kIssuer), {}}, oauth::TokenBacking::unstored);
  return testing::result_of(workshop_.signer().sign(
      jose::Algorithm::es256, oauth::kJwtAccessTokenType, std::move(payload), now));
}

std::string Office::assertion(const json::object& claims) const {
  json::object all{
      {"iss", "billing"}, {"aud", kAudience}, {"exp", unix_seconds(now) + 120}, {"jti", "jti-1"}};
  for (const auto& [name, value] : claims)
    all[name] = value;
  return testing::signed_jwt(testing::ec_key(), all);
}

std::vector<json::object> Office::audit_lines() {
  audit_.flush();
  std::ifstream file(folder_ / "audit.jsonl");
  std::vector<json::object> lines;
  for (std::string line; std::getline(file, line);)
    lines.push_back(parse_strict_json(line)->get_object());
  return lines;
}

std::vector<observe::UsageRow> Office::usage_rows() {
  usage_.flush();
  const auto minute = std::chrono::floor<std::chrono::minutes>(now);
  return usage_store_.between(minute, minute + std::chrono::minutes(1));
}

std::string Office::metric(const std::string& series) const {
  const std::string text = metrics_.text();
  const std::size_t at = text.find(series + " ");
  if (at == std::string::npos) return "";
  const std::size_t value = at + series.size() + 1;
  return text.substr(value, text.find('\n', value) - value);
}

void Office::put(const json::object& record) {
  const registry::PropertyWrite write{std::string(record.at("client_id").as_string()),
                                      json::serialize(record), std::nullopt};
  properties_.apply(kTable, {&write, 1});
}

http::Request form(std::string body) {
  http::Request request;
  request.id = "0123456789abcdef";
  request.method = "POST";
  request.path = "/api/oauth/token";
  request.fields.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  request.body = std::move(body);
  return request;
}

std::string basic(const std::string& client_id, const std::string& secret) {
  return "Basic " + base64(form_encode(client_id) + ":" + form_encode(secret));
}

json::object members_of(const http::Response& response) {
  const auto value = parse_strict_json(response.body);
  if (value && value->is_object()) return value->get_object();
  ADD_FAILURE() << "no JSON object: " << response.body;
  return {};
}

std::string field_of(const http::Response& response, std::string_view name) {
  for (const http::Field& field : response.fields)
    if (field.name == name) return field.value;
  return "absent";
}

void expect_error(const http::Response& response, unsigned status, std::string_view error) {
  EXPECT_EQ(response.status, status);
  const json::object members = members_of(response);
  EXPECT_EQ(members.size(), 2U) << response.body;
  EXPECT_EQ(members.at("error").as_string(), error) << response.body;
  EXPECT_TRUE(members.at("error_description").is_string()) << response.body;
  EXPECT_EQ(field_of(response, "Cache-Control"), "no-store");
  EXPECT_EQ(field_of(response, "Pragma"), "no-cache");
  EXPECT_EQ(field_of(response, "WWW-Authenticate"),
            status == 401 ? "Basic realm=\"assay\"" : "absent");
}

} // namespace assay::endpoints
