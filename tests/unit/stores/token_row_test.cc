#include "stores/token_row.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

oauth::TokenRecord a_record() {
  oauth::TokenRecord record = testing::hour_token("one");
  record.granted_at = record.issued_at - std::chrono::hours(5);
  record.subject = "caf\xC3\xA9";
  record.scope = "";
  record.audience = std::string(300, 'a'); // its length takes two bytes
  record.family = "0123456789abcdef";
  record.confirmation.certificate = crypto::sha256("certificate");
  record.parameters = {
      {"tenant", "north"}, {"empty", ""}, {"tenant", "twice"}, {"zero", {"\0", 1}}};
  return record;
}

oauth::TokenRecord decoded(const std::string& row) {
  oauth::TokenRecord record;
  decode_row({reinterpret_cast<const unsigned char*>(row.data()), row.size()}, record);
  return record;
}

TEST(TokenRow, GivesBackAllThatHasNoColumnOfItsOwn) {
  const oauth::TokenRecord record = a_record();
  const oauth::TokenRecord again = decoded(encode_row(record));
  EXPECT_EQ(again.granted_at, record.granted_at);
  EXPECT_EQ(again.issued_at, record.issued_at);
  EXPECT_EQ(again.service, record.service);
  EXPECT_EQ(again.subject, record.subject);
  EXPECT_EQ(again.scope, record.scope);
  EXPECT_EQ(again.audience, record.audience);
  EXPECT_EQ(again.token_type, record.token_type);
  EXPECT_EQ(again.family, record.family);
  EXPECT_EQ(again.confirmation, record.confirmation);
  EXPECT_EQ(again.parameters, record.parameters);
}

TEST(TokenRow, KeepsTimesBefore1970) {
  oauth::TokenRecord record = a_record();
  record.issued_at = TimePoint(std::chrono::microseconds(-1));
  EXPECT_EQ(decoded(encode_row(record)).issued_at, record.issued_at);
}

// The file is the world's, not ours: whatever is in it must not end the process.
TEST(TokenRow, SaysOfAnyRowThatIsCutOffThatTheFileIsDamaged) {
  oauth::TokenRecord record = a_record();
  record.parameters.clear();
  const std::string row = encode_row(record);
  for (std::size_t bytes = 0; bytes < row.size(); ++bytes)
    EXPECT_THROW(decoded(row.substr(0, bytes)), Unavailable) << bytes;
}

TEST(TokenRow, BelievesNoLengthThatGoesBeyondTheRow) {
  constexpr std::size_t kBeforeTheFirstText = 17;
  std::string row = encode_row(a_record());
  row.replace(kBeforeTheFirstText, 1, "\xFF\xFF\xFF\x7F");
  EXPECT_THROW(decoded(row), Unavailable);
  row.replace(kBeforeTheFirstText, 4, std::string(12, '\xFF'));
  EXPECT_THROW(decoded(row), Unavailable);
}

// A file of an earlier release is taken over as it is.
TEST(TokenRow, TakesARowOfVersion1AsOfATokenThatWasGrantedWhenItWasIssued) {
  using namespace std::string_literals;
  const oauth::TokenRecord record =
      decoded("\1\x01\0\0\0\0\0\0\0\4/api\5alice\4read\3aud\6Bearer\3red\4tier\4gold"s);
  EXPECT_EQ(record.issued_at, TimePoint(std::chrono::microseconds(1)));
  EXPECT_EQ(record.granted_at, record.issued_at);
  EXPECT_EQ(record.service, "/api");
  EXPECT_EQ(record.subject, "alice");
  EXPECT_EQ(record.scope, "read");
  EXPECT_EQ(record.audience, "aud");
  EXPECT_EQ(record.token_type, "Bearer");
  EXPECT_EQ(record.family, "red");
  EXPECT_EQ(record.parameters, (decltype(record.parameters){{"tier", "gold"}}));
}

TEST(TokenRow, TakesARowOfVersion2AsOfATokenThatIsBoundToNothing) {
  using namespace std::string_literals;
  const oauth::TokenRecord record = decoded(
      "\2\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\4/api\5alice\4read\3aud\6Bearer\3red\4tier\4gold"s);
  EXPECT_TRUE(record.confirmation.empty());
  EXPECT_EQ(record.family, "red");
  EXPECT_EQ(record.parameters, (decltype(record.parameters){{"tier", "gold"}}));
}

TEST(TokenRow, RefusesADigestOfAnotherLength) {
  oauth::TokenRecord record = a_record();
  record.parameters.clear();
  record.confirmation = {crypto::sha256("key"), {}};
  std::string row = encode_row(record);
  const std::size_t length = row.size() - 1 - crypto::Digest::kBytes - 1;
  ASSERT_EQ(row[length], static_cast<char>(crypto::Digest::kBytes));
  row[length] = 31;
  EXPECT_THROW(decoded(row), Unavailable);
}

TEST(TokenRow, RefusesARowOfANewerVersion) {
  std::string row = encode_row(a_record());
  row.front() = 4;
  EXPECT_THROW(decoded(row), Unavailable);
}

} // namespace
} // namespace assay::stores
