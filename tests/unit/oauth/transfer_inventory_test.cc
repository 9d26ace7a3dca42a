#include "oauth/transfer_inventory.h"

#include <gtest/gtest.h>

#include "support/tokens.h"

namespace assay::oauth {
namespace {

using testing::claim_of;
using testing::hour_token;

TEST(TransferInventory, HasWhatWasAdded) {
  TransferInventory inventory;
  for (const char* name : {"one", "two", "three"})
    inventory.add(TransferInventory::entry_of(hour_token(name)));
  inventory.add(TransferInventory::entry_of(claim_of("one")));
  inventory.seal();
  EXPECT_TRUE(inventory.has(TransferInventory::entry_of(hour_token("two"))));
  EXPECT_TRUE(inventory.has(TransferInventory::entry_of(claim_of("one"))));
  EXPECT_FALSE(inventory.has(TransferInventory::entry_of(hour_token("four"))));
  EXPECT_FALSE(inventory.content_of(TransferInventory::entry_of(claim_of("two"))));
}

TEST(TransferInventory, TellsARecordFromWhatBecameOfIt) {
  const TokenRecord record = hour_token("one");
  const auto entry = TransferInventory::entry_of(record);
  const auto differs = [&](auto change) {
    TokenRecord other = record;
    change(other);
    const auto changed = TransferInventory::entry_of(other);
    return changed.name == entry.name && changed.content != entry.content;
  };
  EXPECT_TRUE(differs([](TokenRecord& other) { other.is_rotated = true; }));
  EXPECT_TRUE(differs([](TokenRecord& other) { other.kind = TokenKind::refresh; }));
  EXPECT_TRUE(differs([](TokenRecord& other) { other.expires_at += std::chrono::seconds(1); }));
  EXPECT_TRUE(differs([](TokenRecord& other) { other.family = "red"; }));
  EXPECT_TRUE(differs([](TokenRecord& other) { other.parameters = {{"a", "b"}}; }));
  EXPECT_TRUE(differs([](TokenRecord& other) { other.confirmation.key = crypto::sha256("k"); }));
  // Characters that move from one text to the next.
  EXPECT_TRUE(differs([](TokenRecord& other) {
    other.subject = other.client_id.substr(1) + other.subject;
    other.client_id = other.client_id.substr(0, 1);
  }));
  // Where a store has it is its own business.
  EXPECT_FALSE(differs([](TokenRecord& other) { other.key.locator.reset(); }));
}

TEST(TransferInventory, KeepsTheLastOfSeveralOfOneName) {
  TransferInventory inventory;
  TokenRecord record = hour_token("one");
  const auto first = TransferInventory::entry_of(record);
  record.is_rotated = true;
  const auto last = TransferInventory::entry_of(record);
  for (const auto& entry : {first, last, last})
    inventory.add(entry);
  inventory.seal();
  EXPECT_EQ(inventory.size(), 1U);
  EXPECT_TRUE(inventory.has(last));
  EXPECT_FALSE(inventory.has(first));
}

} // namespace
} // namespace assay::oauth
