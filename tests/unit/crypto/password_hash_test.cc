#include "crypto/password_hash.h"

#include <gtest/gtest.h>

namespace assay::crypto {
namespace {

TEST(PasswordHash, MatchesItsPasswordAlone) {
  const PasswordHash hash = PasswordHash::of("correct horse battery");
  EXPECT_TRUE(hash.matches("correct horse battery"));
  EXPECT_FALSE(hash.matches("correct horse batter"));
  EXPECT_FALSE(hash.matches("correct horse battery "));
  EXPECT_FALSE(hash.matches(""));
}

TEST(PasswordHash, DiffersEachTime) {
  EXPECT_NE(PasswordHash::of("the same").text(), PasswordHash::of("the same").text());
}

TEST(PasswordHash, IsReadFromItsText) {
  const PasswordHash hash = PasswordHash::of("correct horse battery");
  const auto read = PasswordHash::parse(hash.text());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->matches("correct horse battery"));
}

TEST(PasswordHash, IsOfNoOtherForm) {
  const std::string text = PasswordHash::of("password").text();
  EXPECT_FALSE(PasswordHash::parse(""));
  EXPECT_FALSE(PasswordHash::parse("password"));
  EXPECT_FALSE(PasswordHash::parse(text.substr(0, 40)));
  EXPECT_FALSE(PasswordHash::parse("$argon2i$" + text.substr(10)));
  EXPECT_FALSE(PasswordHash::parse("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"));
}

// Whoever can write a record must not be able to stop the server with it.
TEST(PasswordHash, IsRefusedIfItsCheckWouldTakeTooMuch) {
  const std::string salt_and_hash = "$c29tZXNhbHRzb21lc2FsdA$"
                                    "TKOqDM6aL2pZ1MRHcTyKcTPjcQfXNYcNMMwtQn7ASXs";
  EXPECT_TRUE(PasswordHash::parse("$argon2id$v=19$m=65536,t=2,p=1" + salt_and_hash));
  EXPECT_FALSE(PasswordHash::parse("$argon2id$v=19$m=4194304,t=2,p=1" + salt_and_hash));
  EXPECT_FALSE(PasswordHash::parse("$argon2id$v=19$m=65536,t=1000,p=1" + salt_and_hash));
}

} // namespace
} // namespace assay::crypto
