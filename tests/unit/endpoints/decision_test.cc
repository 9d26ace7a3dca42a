#include "endpoints/decision.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

const Matter kMonitored{
    .event = "token", .service = "/api/oauth/token", .monitoring = {.service_name = "tokens"}};

// One decision, which `decide` fills.
Task<bool> decide_on(const Office& office, const Matter& matter, http::Request request,
                     std::function<void(Decision&)> decide) {
  Decision decision = co_await Decision::begin(office.books(), matter, request);
  decide(decision);
  co_return true;
}

json::object line_of(Office& office, const Matter& matter, const http::Request& request,
                     std::function<void(Decision&)> decide) {
  testing::result_of(decide_on(office, matter, request, std::move(decide)));
  return office.last_audit_line();
}

TEST(Decision, LeavesOneLineOfAGrant) {
  Office office;
  const auto line = line_of(office, kMonitored, form(""), [](Decision& decision) {
    decision.asks_for(kGrantType);
    decision.trace().client_id = "billing";
    decision.trace().scope = "invoices.read";
    decision.trace().token = crypto::sha256("the token");
    decision.trace().token_format = "jwt";
    decision.trace().token_binding = "dpop";
    decision.granted();
  });
  EXPECT_EQ(office.audit_lines().size(), 1U);
  EXPECT_EQ(line.at("time"), "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(line.at("request_id"), "0123456789abcdef");
  EXPECT_EQ(line.at("event"), "token");
  EXPECT_EQ(line.at("node"), "node-1");
  EXPECT_EQ(line.at("service"), "/api/oauth/token");
  EXPECT_EQ(line.at("client_id"), "billing");
  EXPECT_EQ(line.at("outcome"), "granted");
  EXPECT_EQ(line.at("scope"), "invoices.read");
  EXPECT_EQ(line.at("token_sha256_prefix").as_string(),
            crypto::sha256("the token").hex().substr(0, 16));
  EXPECT_EQ(line.at("token_format"), "jwt");
  EXPECT_EQ(line.at("token_binding"), "dpop");
  EXPECT_FALSE(line.contains("reason"));
  EXPECT_FALSE(line.contains("assertion"));
}

TEST(Decision, LeavesTheGateTheReasonAndTheErrorOfARefusal) {
  Office office;
  const auto line = line_of(office, kMonitored, form(""), [](Decision& decision) {
    decision.trace().token = crypto::sha256("a token that was never given");
    decision.trace().token_format = "jwt";
    decision.trace().token_binding = "dpop";
    decision.refused({Reason::expired, "expected later; found earlier"});
  });
  EXPECT_EQ(line.at("outcome"), "refused");
  EXPECT_EQ(line.at("gate"), "expiry");
  EXPECT_EQ(line.at("reason"), "expired");
  EXPECT_EQ(line.at("detail"), "expected later; found earlier");
  EXPECT_EQ(line.at("error"), "invalid_grant");
  for (const char* member : {"token_sha256_prefix", "token_format", "token_binding"})
    EXPECT_FALSE(line.contains(member)) << member;
}

// Rule: also a request that ended in an exception leaves its line and its count.
TEST(Decision, IsAnErrorWhenAnExceptionEndedTheRequest) {
  Office office;
  EXPECT_THROW(
      testing::result_of(decide_on(office, kMonitored, form(""),
                                   [](Decision&) { throw std::runtime_error("no disk"); })),
      std::runtime_error);
  EXPECT_EQ(office.last_audit_line().at("outcome"), "error");
  ASSERT_EQ(office.usage_rows().size(), 1U);
  EXPECT_EQ(office.usage_rows()[0].counts.exceptions, 1U);
}

TEST(Decision, KeepsACorrelationIdThatCameIn) {
  Office office;
  http::Request request = form("");
  request.fields.push_back({"X-Correlation-ID", "abc-123"});
  EXPECT_EQ(line_of(office, kMonitored, request, [](Decision&) {}).at("parent_id"), "abc-123");
}

// It would go into a log as it is.
TEST(Decision, DropsACorrelationIdThatIsTooLongOrNotPrintable) {
  Office office;
  for (const std::string& bad :
       {std::string(129, 'a'), std::string("a b"), std::string("\xC3\xA9")}) {
    http::Request request = form("");
    request.fields.push_back({"X-Correlation-ID", bad});
    EXPECT_FALSE(line_of(office, kMonitored, request, [](Decision&) {}).contains("parent_id"))
        << bad;
  }
}

TEST(Decision, CountsTheUseOfAMonitoredServiceUnderItsNameAndItsClient) {
  Office office;
  line_of(office, kMonitored, form(""), [](Decision& decision) {
    decision.asks_for("jwt-bearer");
    decision.trace().client_id = "billing";
    decision.granted();
  });
  const auto rows = office.usage_rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key.service, "tokens");
  EXPECT_EQ(rows[0].key.client, "billing");
  EXPECT_EQ(rows[0].key.grant, "jwt-bearer");
  EXPECT_EQ(rows[0].counts.successes, 1U);
}

TEST(Decision, NamesTheClientByTheAttributeThatIsConfigured) {
  const auto client_by = [](const std::string& attribute) {
    Office office;
    Matter matter = kMonitored;
    matter.monitoring.client_attribute = attribute;
    line_of(office, matter, form(""), [](Decision& decision) {
      decision.trace().client_id = "billing";
      decision.trace().application_name = "Billing";
      decision.trace().subject = "alice";
      decision.granted();
    });
    return office.usage_rows().at(0).key.client;
  };
  EXPECT_EQ(client_by("client_id"), "billing");
  EXPECT_EQ(client_by("name"), "Billing");
  EXPECT_EQ(client_by("sub"), "alice");
}

// A stranger must not fill the tables with names of his own.
TEST(Decision, CountsNoNameThatIsNotProven) {
  Office office;
  line_of(office, kMonitored, form(""), [](Decision& decision) {
    decision.asks_for("made-up");
    decision.trace().issuer = "made-up";
    decision.refused({Reason::issuer_unknown, {}});
  });
  const auto rows = office.usage_rows();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key.client, "");
  EXPECT_EQ(rows[0].key.grant, "");
  EXPECT_EQ(rows[0].counts.failures, 1U);
}

TEST(Decision, CountsNothingWhereMonitoringIsOff) {
  Office office;
  Matter matter = kMonitored;
  matter.monitoring.enabled = false;
  line_of(office, matter, form(""), [](Decision& decision) { decision.granted(); });
  EXPECT_TRUE(office.usage_rows().empty());
  EXPECT_NE(
      office.books().metrics.text().find("outcome=\"granted\",service=\"/api/oauth/token\"} 1"),
      std::string::npos);
}

TEST(Decision, IsWrittenDownOnceWhenItIsMoved) {
  Office office;
  line_of(office, kMonitored, form(""), [](Decision& decision) {
    Decision moved(std::move(decision));
    moved.granted();
  });
  EXPECT_EQ(office.audit_lines().size(), 1U);
  EXPECT_EQ(office.last_audit_line().at("outcome"), "granted");
}

TEST(Decision, KeepsACorrelationIdUnderItsOldNameToo) {
  Office office;
  http::Request request = form("");
  request.fields.push_back({"x-correlationid", "old-1"});
  EXPECT_EQ(line_of(office, kMonitored, request, [](Decision&) {}).at("parent_id"), "old-1");
  request.fields.push_back({"X-Correlation-ID", "new-1"});
  EXPECT_EQ(line_of(office, kMonitored, request, [](Decision&) {}).at("parent_id"), "new-1");
}

TEST(Decision, KeepsNoAssertionThatStandsInTheGrantTypesPlace) {
  Office office;
  const std::string text = office.assertion();
  const auto line =
      line_of(office, kMonitored, form(""), [&](Decision& decision) { decision.asks_for(text); });
  EXPECT_EQ(line.at("grant_type").as_string(), "(" + std::to_string(text.size()) + " bytes)");
}

TEST(Decision, IsCountedInTheMetricsByItsOutcomeAndItsReason) {
  Office office;
  line_of(office, kMonitored, form(""), [](Decision& decision) { decision.granted(); });
  line_of(office, kMonitored, form(""),
          [](Decision& decision) { decision.refused({Reason::expired, {}}); });
  line_of(office, kMonitored, form(""), [](Decision&) {});
  for (const std::string outcome : {"granted", "refused", "error"})
    EXPECT_EQ(office.metric(R"(assay_decisions_total{event="token",outcome=")" + outcome +
                            R"(",service="/api/oauth/token"})"),
              "1")
        << outcome;
  EXPECT_EQ(office.metric(R"(assay_refusals_total{event="token",reason="expired"})"), "1");
}

// What will not pass one day must be found before that day.
TEST(Decision, ReportsWhatWasLetPassForNow) {
  Office office;
  const auto line = line_of(office, kMonitored, form(""), [](Decision& decision) {
    decision.trace().auth_method = "private_key_jwt";
    decision.trace().warning = oauth::kTokenUrlAudienceWarning;
    decision.granted();
  });
  EXPECT_EQ(line.at("auth_method"), "private_key_jwt");
  EXPECT_EQ(line.at("warning"), "client_assertion_for_token_url");
  EXPECT_EQ(office.metric("assay_warnings_total{warning=\"client_assertion_for_token_url\"}"), "1");
}

} // namespace
} // namespace assay::endpoints
