#include "registry/scope_library.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

TEST(ScopeToken, FollowsTheGrammarOfRfc6749) {
  EXPECT_TRUE(is_scope_token("invoices.read"));
  EXPECT_TRUE(is_scope_token("https://example.com/auth/x!#[]~"));
  EXPECT_TRUE(is_scope_token(std::string(128, 'x')));
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a\"b"),
                                 std::string("a\\b"), std::string("caf\xC3\xA9"),
                                 std::string("a\tb"), std::string("\x7F"), std::string(129, 'x')})
    EXPECT_FALSE(is_scope_token(bad)) << bad;
}

TEST(ScopeLibrary, KeepsWhatAScopeMeans) {
  stores::MemoryPropertyStore store;
  ScopeLibrary library(store);
  ASSERT_TRUE(library.put({"invoices.read", "See \"all\" invoices"}));
  const auto scope = library.find("invoices.read");
  ASSERT_TRUE(scope);
  EXPECT_EQ(scope->name, "invoices.read");
  EXPECT_EQ(scope->description, "See \"all\" invoices");
  EXPECT_FALSE(library.find("invoices.write"));
}

TEST(ScopeLibrary, ReplacesADescription) {
  stores::MemoryPropertyStore store;
  ScopeLibrary library(store);
  ASSERT_TRUE(library.put({"a", "first"}));
  ASSERT_TRUE(library.put({"a", "second"}));
  EXPECT_EQ(library.find("a")->description, "second");
  EXPECT_EQ(library.list().size(), 1U);
}

TEST(ScopeLibrary, RemovesAScopeOnce) {
  stores::MemoryPropertyStore store;
  ScopeLibrary library(store);
  ASSERT_TRUE(library.put({"a", ""}));
  EXPECT_TRUE(library.remove("a"));
  EXPECT_FALSE(library.remove("a"));
  EXPECT_FALSE(library.find("a"));
}

TEST(ScopeLibrary, ListsByName) {
  stores::MemoryPropertyStore store;
  ScopeLibrary library(store);
  for (const char* name : {"b", "c", "a"})
    ASSERT_TRUE(library.put({name, ""}));
  const std::vector<Scope> scopes = library.list();
  ASSERT_EQ(scopes.size(), 3U);
  EXPECT_EQ(scopes[0].name, "a");
  EXPECT_EQ(scopes[2].name, "c");
}

TEST(ScopeLibrary, RefusesBadNamesAndLongDescriptions) {
  stores::MemoryPropertyStore store;
  ScopeLibrary library(store);
  EXPECT_FALSE(library.put({"a b", ""}));
  EXPECT_FALSE(library.put({"a", std::string(501, 'x')}));
  EXPECT_FALSE(library.put({"a", "\xFF"}));
  EXPECT_TRUE(library.list().empty());
}

TEST(ScopeLibrary, ShowsARowThatSomebodyWroteBadlyWithoutDescription) {
  stores::MemoryPropertyStore store;
  const PropertyWrite write{"a", "[1]", std::nullopt};
  store.apply("ScopeLibrary", {&write, 1});
  ScopeLibrary library(store);
  ASSERT_EQ(library.list().size(), 1U);
  EXPECT_EQ(library.list()[0].description, "");
}

} // namespace
} // namespace assay::registry
