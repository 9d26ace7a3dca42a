#include "oauth/sender_lookup.h"

#include <gtest/gtest.h>

#include "support/tasks.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

// An application that keeps its keys at a URL, where fetching brings `fetched_`.
class LookingUpSenders : public ::testing::Test {
protected:
  LookingUpSenders() {
    application_.jwks_uri = "https://billing.example/keys";
    fetched_ = application_.keys;
    application_.keys.clear();
  }

  std::shared_ptr<const registry::Application> find(const std::string& text) {
    const auto assertion = parse_assertion(text, {});
    const SenderLookup senders(
        [this](std::string_view id) {
          return id == application_.id ? shared(application_) : nullptr;
        },
        [this](std::shared_ptr<const registry::Application>, std::optional<std::string> key_id,
               TimePoint) -> Task<void> {
          ++fetches_;
          wanted_ = std::move(key_id);
          application_.keys = fetched_;
          co_return;
        });
    return testing::result_of(senders.find(*assertion, kNow));
  }

  registry::Application application_ = billing();
  std::vector<registry::RegisteredKey> fetched_;
  int fetches_ = 0;
  std::optional<std::string> wanted_;
};

TEST_F(LookingUpSenders, AsksForTheKeysAnewWhereTheyAreAtAUrl) {
  const auto sender = find(assertion_by_billing());
  ASSERT_TRUE(sender);
  EXPECT_EQ(sender->keys.size(), 1U);
  EXPECT_EQ(fetches_, 1);
  EXPECT_EQ(wanted_, "ec-1");
}

TEST_F(LookingUpSenders, FetchesNothingWhereThereIsNoUse) {
  application_.enabled = false;
  EXPECT_TRUE(find(assertion_by_billing()));
  application_.enabled = true;
  application_.jwks_uri.clear();
  EXPECT_TRUE(find(assertion_by_billing()));
  EXPECT_FALSE(find(assertion_with(claims_with("iss", "nobody"))));
  EXPECT_EQ(fetches_, 0);
}

} // namespace
} // namespace assay::oauth
