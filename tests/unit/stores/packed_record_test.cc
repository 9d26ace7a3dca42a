#include "stores/memory/packed_record.h"

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::stores {
namespace {

using testing::hour_token;

oauth::TokenRecord with_parameters(const std::string& name) {
  oauth::TokenRecord record = hour_token(name);
  record.granted_at -= std::chrono::hours(5);
  record.family = "0123456789abcdef";
  record.parameters = {{"tenant", "north"}};
  return record;
}

TEST(PackedRecord, GivesBackTheWholeRecord) {
  std::pmr::monotonic_buffer_resource memory;
  CommonParts common;
  const oauth::TokenRecord record = with_parameters("one");
  const oauth::TokenRecord again =
      PackedRecord(record, common.of(record), memory).unpacked(record.key);
  EXPECT_EQ(again.key.digest, record.key.digest);
  EXPECT_EQ(again.kind, record.kind);
  EXPECT_EQ(again.service, record.service);
  EXPECT_EQ(again.client_id, record.client_id);
  EXPECT_EQ(again.subject, record.subject);
  EXPECT_EQ(again.scope, record.scope);
  EXPECT_EQ(again.audience, record.audience);
  EXPECT_EQ(again.token_type, record.token_type);
  EXPECT_EQ(again.granted_at, record.granted_at);
  EXPECT_EQ(again.issued_at, record.issued_at);
  EXPECT_EQ(again.expires_at, record.expires_at);
  EXPECT_EQ(again.family, record.family);
  EXPECT_EQ(again.parameters, record.parameters);
  EXPECT_FALSE(again.is_rotated);
}

TEST(PackedRecord, CanBeRotatedAndExtended) {
  std::pmr::monotonic_buffer_resource memory;
  CommonParts common;
  const oauth::TokenRecord record = with_parameters("one");
  PackedRecord packed(record, common.of(record), memory);
  packed.set_common(common.rotated(packed.common()));
  packed.set_expires_at(record.expires_at + std::chrono::hours(1));
  const oauth::TokenRecord again = packed.unpacked(record.key);
  EXPECT_TRUE(again.is_rotated);
  EXPECT_EQ(again.expires_at, record.expires_at + std::chrono::hours(1));
  EXPECT_EQ(again.parameters, record.parameters);
}

TEST(CommonParts, AreSharedBetweenTheTokensOfOneService) {
  CommonParts common;
  EXPECT_EQ(&common.of(with_parameters("one")), &common.of(with_parameters("two")));
}

TEST(CommonParts, DifferWhereTokensDo) {
  CommonParts common;
  const auto one = with_parameters("one");
  auto refresh = one;
  refresh.kind = oauth::TokenKind::refresh;
  auto rotated = refresh;
  rotated.is_rotated = true;
  EXPECT_NE(&common.of(refresh), &common.of(rotated));
  EXPECT_EQ(&common.rotated(common.of(refresh)), &common.of(rotated));
  auto elsewhere = one;
  elsewhere.audience = "https://elsewhere.example";
  auto south = one;
  south.parameters = {{"tenant", "south"}};
  for (const auto* other : {&refresh, &elsewhere, &south})
    EXPECT_NE(&common.of(one), &common.of(*other));
}

TEST(CommonParts, StayWhereTheyAreHoweverManyThereAre) {
  CommonParts common;
  auto record = with_parameters("one");
  const CommonPart* first = &common.of(record);
  for (int service = 0; service < 1000; ++service) {
    record.service = std::to_string(service);
    common.of(record);
  }
  EXPECT_EQ(&common.of(with_parameters("one")), first);
}

} // namespace
} // namespace assay::stores
