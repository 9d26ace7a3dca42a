#include "observe/audit_entry.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/strict_json.h"

namespace assay::observe {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1'769'851'800'250'000us}; // 2026-01-31T09:30:00.250Z

AuditEntry granted() {
  AuditEntry entry;
  entry.time = kNow;
  entry.request_id = "6f0c";
  entry.event = "token";
  entry.outcome = Outcome::granted;
  entry.duration = 812us;
  return entry;
}

AuditEntry refused(AssertionTrace trace = {}) {
  AuditEntry entry = granted();
  entry.outcome = Outcome::refused;
  entry.reason = Reason::expired;
  entry.assertion = std::move(trace);
  return entry;
}

json::object members(const AuditEntry& entry) {
  const std::string line = to_line(entry, "node-1");
  EXPECT_EQ(line.find('\n'), line.npos);
  auto value = parse_strict_json(line);
  if (!value) {
    ADD_FAILURE() << value.error().what << " at " << value.error().offset << ": " << line;
    return {};
  }
  return value->as_object();
}

TEST(AuditEntry, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_line(granted(), "node-1"),
            R"({"time":"2026-01-31T09:30:00.250Z","request_id":"6f0c","event":"token",)"
            R"("node":"node-1","outcome":"granted","duration_us":812})");
}

TEST(AuditEntry, HasEveryMemberUnderItsFixedName) {
  AuditEntry entry = refused();
  entry.parent_id = "from-the-gateway";
  entry.service = "/api/oauth/token";
  entry.grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  entry.client_id = "billing";
  entry.issuer = "billing";
  entry.key_id = "2026-01";
  entry.assertion_sha256 = "9f86d081";
  entry.detail = "exp 1769850000";
  entry.error = "invalid_grant";
  entry.token_sha256_prefix = "0123456789abcdef";
  entry.token_format = "jwt";
  entry.token_binding = "dpop tls";
  entry.scope = "read write";
  entry.audience = "https://api.example";

  const json::object line = members(entry);
  EXPECT_EQ(line.at("parent_id"), "from-the-gateway");
  EXPECT_EQ(line.at("service"), "/api/oauth/token");
  EXPECT_EQ(line.at("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
  EXPECT_EQ(line.at("client_id"), "billing");
  EXPECT_EQ(line.at("issuer"), "billing");
  EXPECT_EQ(line.at("key_id"), "2026-01");
  EXPECT_EQ(line.at("assertion_sha256"), "9f86d081");
  EXPECT_EQ(line.at("outcome"), "refused");
  EXPECT_EQ(line.at("gate"), "expiry");
  EXPECT_EQ(line.at("reason"), "expired");
  EXPECT_EQ(line.at("detail"), "exp 1769850000");
  EXPECT_EQ(line.at("error"), "invalid_grant");
  EXPECT_EQ(line.at("token_sha256_prefix"), "0123456789abcdef");
  EXPECT_EQ(line.at("token_format"), "jwt");
  EXPECT_EQ(line.at("token_binding"), "dpop tls");
  EXPECT_EQ(line.at("scope"), "read write");
  EXPECT_EQ(line.at("audience"), "https://api.example");
  EXPECT_EQ(line.at("duration_us"), 812);
}

TEST(AuditEntry, KeepsWhatARefusedAssertionSaid) {
  AssertionTrace trace;
  trace.algorithm = "RS256";
  trace.key_id = "2026-01";
  trace.type = "JWT";
  trace.issuer = "billing";
  trace.subject = "";
  trace.audiences = {"https://one.example", "https://two.example"};
  trace.scope = "read";
  trace.issued_at = kNow - 60s;
  trace.not_before = TimePoint(0s);
  trace.expires_at = TimePoint(1'769'851'800s);
  trace.id = "a1";

  const json::object line = members(refused(trace));
  EXPECT_EQ(json::serialize(line.at("assertion")),
            R"({"alg":"RS256","kid":"2026-01","typ":"JWT","iss":"billing","sub":"",)"
            R"("aud":["https://one.example","https://two.example"],"scope":"read",)"
            R"("iat":1.76985174025E9,"nbf":0,"exp":1769851800,"jti":"a1"})");
}

TEST(AuditEntry, CutsEachClaimAt200Characters) {
  AssertionTrace trace;
  std::string wide;
  for (int count = 0; count < 5'000; ++count)
    wide += "ä";
  trace.issuer = wide;
  trace.id = std::string(10'000, 'x');
  trace.audiences.assign(1'000, std::string(10'000, 'y'));

  const json::object assertion = members(refused(trace)).at("assertion").as_object();
  EXPECT_EQ(assertion.at("iss").as_string(), wide.substr(0, 400));
  EXPECT_EQ(assertion.at("jti").as_string(), std::string(200, 'x'));
  EXPECT_EQ(assertion.at("aud").as_array().size(), AssertionTrace::kAudiencesMax);
  EXPECT_EQ(assertion.at("aud").at(0).as_string(), std::string(200, 'y'));
}

TEST(AuditEntry, IsOneLineOfJsonWhateverAClientSends) {
  const std::string hostile = "a\"}\n{\"event\":\"forged\"}\r\n\\\x01\x7f\xff\xc3";
  AssertionTrace trace;
  trace.issuer = hostile;
  AuditEntry entry = refused(trace);
  entry.client_id = hostile;
  entry.parent_id = hostile;

  const json::object line = members(entry);
  EXPECT_EQ(line.at("event"), "token");
  EXPECT_EQ(line.at("client_id"), "a\"}\n{\"event\":\"forged\"}\r\n\\\x01\x7f\uFFFD\uFFFD");
  EXPECT_EQ(line.at("assertion").at("iss"), line.at("client_id"));
}

} // namespace
} // namespace assay::observe
