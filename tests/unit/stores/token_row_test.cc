#include "stores/sqlite/token_row.h"

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "support/tokens.h"

namespace assay::stores {
namespace {

oauth::TokenRecord a_record() {
  oauth::TokenRecord record = testing::hour_token("one");
  record.subject = "caf\xC3\xA9";
  record.scope = "";
  record.audience = std::string(300, 'a'); // its length takes two bytes
  record.family = "0123456789abcdef";
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
  EXPECT_EQ(again.issued_at, record.issued_at);
  EXPECT_EQ(again.service, record.service);
  EXPECT_EQ(again.subject, record.subject);
  EXPECT_EQ(again.scope, record.scope);
  EXPECT_EQ(again.audience, record.audience);
  EXPECT_EQ(again.token_type, record.token_type);
  EXPECT_EQ(again.family, record.family);
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
  constexpr std::size_t kBeforeTheFirstText = 9;
  std::string row = encode_row(a_record());
  row.replace(kBeforeTheFirstText, 1, "\xFF\xFF\xFF\x7F");
  EXPECT_THROW(decoded(row), Unavailable);
  row.replace(kBeforeTheFirstText, 4, std::string(12, '\xFF'));
  EXPECT_THROW(decoded(row), Unavailable);
}

TEST(TokenRow, RefusesARowOfANewerVersion) {
  std::string row = encode_row(a_record());
  row.front() = 2;
  EXPECT_THROW(decoded(row), Unavailable);
}

} // namespace
} // namespace assay::stores
