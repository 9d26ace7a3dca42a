#include "endpoints/access_query.h"

#include <gtest/gtest.h>

namespace assay::endpoints {
namespace {

AccessQuery read(std::string_view query) { return read_access_query(query, "http://apiserver"); }

std::optional<Reason> fault_in(std::string_view query) {
  const AccessQuery read_query = read(query);
  return read_query.fault ? std::optional(read_query.fault->reason) : std::nullopt;
}

TEST(AccessQuery, DemandsATokenForTheIssuerWithoutMore) {
  const AccessQuery query = read("");
  EXPECT_FALSE(query.fault);
  EXPECT_EQ(query.demand.scopes, std::vector<std::string>());
  EXPECT_EQ(query.demand.match, oauth::ScopeMatch::all);
  EXPECT_EQ(query.demand.audiences, std::vector<std::string>{"http://apiserver"});
  EXPECT_EQ(query.errors, AccessErrors::as_they_are);
}

TEST(AccessQuery, DemandsWhatItSays) {
  const AccessQuery query =
      read("scope=read&scope=write%20list&match=any&aud=https%3A%2F%2Fapi.example&errors=401");
  EXPECT_FALSE(query.fault);
  EXPECT_EQ(query.demand.scopes, (std::vector<std::string>{"read", "write", "list"}));
  EXPECT_EQ(query.demand.match, oauth::ScopeMatch::any);
  EXPECT_EQ(query.demand.audiences, std::vector<std::string>{"https://api.example"});
  EXPECT_EQ(query.errors, AccessErrors::as_401);
}

// A demand that is misspelt, or empty by mistake, must not open the API.
TEST(AccessQuery, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(fault_in("scopes=read"), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("match=some"), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("aud=api"), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("aud="), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("scope="), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("scope=%20"), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("errors=500"), Reason::parameter_malformed);
  EXPECT_EQ(fault_in("scope=a%22b"), Reason::scope_malformed);
  EXPECT_EQ(fault_in("scope=%zz"), Reason::form_malformed);
}

TEST(AccessQuery, TakesNoTokenFromTheQuery) {
  EXPECT_EQ(fault_in("access_token=abc"), Reason::token_repeated);
}

TEST(AccessQuery, KnowsHowToAnswerAlsoWhenItIsFaulty) {
  EXPECT_EQ(read("match=some&errors=401").errors, AccessErrors::as_401);
}

// A gateway may join what its caller sends to the query: that must not loosen the demand.
TEST(AccessQuery, ReadsNothingBehindFor) {
  const AccessQuery query = read("scope=admin&for=/invoices?match=any&scope=read&aud=urn:other");
  EXPECT_FALSE(query.fault);
  EXPECT_EQ(query.demand.scopes, std::vector<std::string>{"admin"});
  EXPECT_EQ(query.demand.match, oauth::ScopeMatch::all);
  EXPECT_EQ(query.demand.audiences, std::vector<std::string>{"http://apiserver"});
  EXPECT_FALSE(fault_in("for=%zz"));
}

TEST(AccessQuery, RefusesASecondMatch) {
  EXPECT_EQ(fault_in("match=all&scope=admin&match=any"), Reason::parameter_repeated);
}

TEST(CallersQuery, CanOnlyDemandMore) {
  const AccessQuery query =
      read_callers_query("page=2&scope=read&match=any&aud=urn:other&errors=401&x=%zz", "urn:us");
  EXPECT_EQ(query.demand.scopes, std::vector<std::string>());
  const AccessQuery good =
      read_callers_query("page=2&scope=read&match=any&aud=urn:other", "urn:us");
  EXPECT_FALSE(good.fault);
  EXPECT_EQ(good.demand.scopes, std::vector<std::string>{"read"});
  EXPECT_EQ(good.demand.match, oauth::ScopeMatch::all);
  EXPECT_EQ(good.demand.audiences, std::vector<std::string>{"urn:us"});
}

} // namespace
} // namespace assay::endpoints
