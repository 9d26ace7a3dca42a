#include "stores/postgres/postgres_url.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace assay::stores {
namespace {

using namespace std::chrono_literals;

std::string option(const PostgresUrl& url, std::string_view keyword) {
  const auto options = url.options(4000ms);
  const auto found = std::ranges::find(
      options, keyword, [](const auto& each) -> std::string_view { return each.first; });
  return found == options.end() ? "" : found->second;
}

PostgresUrl parsed(std::string_view text) {
  auto url = PostgresUrl::parse(text);
  EXPECT_TRUE(url) << text;
  return *std::move(url);
}

TEST(PostgresUrl, PassesOnWhatIsNotItsOwn) {
  const auto url = parsed("postgresql://user:word@one:5433,two/tokens?sslmode=verify-full&"
                          "schema=nodes&passfile=/etc/pass&pooler=transaction&connect_timeout=2");
  EXPECT_EQ(option(url, "host"), "one,two");
  EXPECT_EQ(option(url, "dbname"), "tokens");
  EXPECT_EQ(option(url, "password"), "word");
  EXPECT_EQ(option(url, "sslmode"), "verify-full");
  EXPECT_EQ(option(url, "passfile"), "/etc/pass");
  EXPECT_EQ(option(url, "connect_timeout"), "2");
  EXPECT_EQ(url.schema(), "nodes");
  EXPECT_EQ(url.pooling(), Pooling::transaction);
}

TEST(PostgresUrl, HasDefaults) {
  const auto url = parsed("postgresql://host/tokens");
  EXPECT_EQ(url.schema(), "assay");
  EXPECT_EQ(url.pooling(), Pooling::none);
  EXPECT_EQ(option(url, "target_session_attrs"), "read-write"); // a standby cannot commit
  EXPECT_EQ(option(url, "client_encoding"), "UTF8");
  EXPECT_TRUE(option(url, "options").contains("statement_timeout=4000"));
}

TEST(PostgresUrl, LeavesTheLastWordToItsOptions) {
  const auto url = parsed("postgresql://host/tokens?options=-cstatement_timeout%3D9");
  EXPECT_TRUE(option(url, "options").ends_with(" -cstatement_timeout=9"));
}

// It refuses them, and they would be those of another client's session.
TEST(PostgresUrl, SetsNothingThroughAPooler) {
  EXPECT_EQ(option(parsed("postgresql://host/tokens?pooler=transaction"), "options"), "");
}

TEST(PostgresUrl, ShowsNoPassword) {
  EXPECT_EQ(parsed("postgres://user:wo%3Frd@host:5433/tokens?schema=nodes").shown(),
            "postgresql://host:5433/tokens");
}

TEST(PostgresUrl, TakesAPasswordWithAQuestionMark) {
  const auto url = parsed("postgresql://user:wo?schema=x@host/tokens?schema=nodes");
  EXPECT_EQ(option(url, "password"), "wo?schema=x");
  EXPECT_EQ(url.schema(), "nodes");
}

// The name stands in statements.
TEST(PostgresUrl, RefusesASchemaThatCouldEndItsQuotes) {
  for (const char* name : {"", "a\"b", "A", "a b", "pg_catalog", "a;b", "a%22b"})
    EXPECT_FALSE(PostgresUrl::parse(std::string("postgresql://host/x?schema=") + name)) << name;
}

TEST(PostgresUrl, RefusesAnotherPooler) {
  EXPECT_FALSE(PostgresUrl::parse("postgresql://host/x?pooler=session"));
  EXPECT_FALSE(PostgresUrl::parse("postgresql://host/x?pooler"));
}

TEST(PostgresUrl, IsNoOtherScheme) {
  EXPECT_FALSE(PostgresUrl::parse("host=one dbname=tokens"));
  EXPECT_FALSE(PostgresUrl::parse("redis://host"));
}

TEST(PostgresUrl, PutsTheSchemaIntoStatements) {
  EXPECT_EQ(parsed("postgresql://host/x?schema=n1").with_schema("SELECT {schema}.f('{schema}')"),
            "SELECT \"n1\".f('\"n1\"')");
}

} // namespace
} // namespace assay::stores
