#include "oauth/token_inspection.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "support/tokens.h"
#include "support/unavailable_token_store.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using testing::result_of;

constexpr TimePoint kExpiry = kNow + 1h;

class Inspection : public ::testing::Test {
protected:
  Inspection() {
    inspector_.id = "inspector";
    inspector_.may_introspect = true;
  }

  void store(TokenRecord record) {
    result_of(tokens_.issue({.access = std::move(record), .refresh = {}, .claim = {}}, kNow));
  }

  Result<TokenRecord> inspect(const registry::Application& asker, TimePoint now = kNow) {
    const auto owner = owner_ ? shared(*owner_) : nullptr;
    const TokenStanding standing(
        [&](const TokenRecord& record) { return record.service == kService ? owner : nullptr; },
        [this](const TokenRecord&) { return is_revoked_; });
    const auto askers = [&](std::string_view id) {
      return id == "billing" && !is_of_another_registry_ ? owner : shared(asker);
    };
    const TokenInspection inspection({*store_, workshop_.unstored(), standing, askers, kIssuer});
    auto record = result_of(inspection.look_up(Secret(text_), now));
    if (!record) return record;
    if (const auto visible = inspection.check_visible(*record, asker); !visible)
      return std::unexpected(visible.error());
    return record;
  }

  std::string text_ = testing::token_text("token", kExpiry);
  TokenRecord record_ = testing::record_of(text_, kExpiry);
  stores::MemoryTokenStore tokens_;
  TokenStore* store_ = &tokens_;
  testing::TokenWorkshop workshop_;
  std::optional<registry::Application> owner_ = billing();
  registry::Application inspector_;
  bool is_revoked_ = false;
  bool is_of_another_registry_ = false;
};

TEST_F(Inspection, FindsALiveToken) {
  store(record_);
  const auto found = inspect(inspector_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client_id, "billing");
  EXPECT_EQ(found->key.digest, record_.key.digest);
}

// It is looked at while the store is away, and its application and the epochs count as ever.
TEST_F(Inspection, FindsAnUnstoredTokenWithoutTheStore) {
  TokenServiceSettings settings;
  settings.access_token.format = TokenFormat::jwt;
  const auto sender = Judge{}.verify(assertion_by_billing());
  const auto minted = result_of(
      workshop_.minter(settings).mint_unstored(sender->sender(), {"read", kIssuer}, kNow));
  text_ = minted.token.access_token.reveal();
  testing::UnavailableTokenStore away;
  store_ = &away;

  const auto found = inspect(inspector_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client_id, "billing");
  is_revoked_ = true;
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_revoked);
  owner_->enabled = false;
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_owner_gone);
}

TEST_F(Inspection, FindsNothingThatWasNeverIssued) {
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_unknown);
}

TEST_F(Inspection, FindsNothingFromTheMomentOfExpiry) {
  store(record_);
  EXPECT_TRUE(inspect(inspector_, kExpiry - 1us));
  EXPECT_EQ(reason_of(inspect(inspector_, kExpiry)), Reason::token_unknown);
}

TEST_F(Inspection, FindsNothingThatWasRevoked) {
  store(record_);
  result_of(tokens_.revoke(record_.key, kNow));
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_unknown);
}

TEST_F(Inspection, FindsNothingThatWasRevokedTogetherWithOthers) {
  store(record_);
  is_revoked_ = true;
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_revoked);
}

TEST_F(Inspection, FindsNothingForASubjectThatIsNoLongerRegistered) {
  record_.subject = "alice";
  store(record_);
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_subject_gone);
  owner_->subjects = {"alice"};
  EXPECT_TRUE(inspect(inspector_));
}

TEST_F(Inspection, FindsNothingOfADisabledOrDeletedApplication) {
  store(record_);
  owner_->enabled = false;
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_owner_gone);
  owner_.reset();
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_owner_gone);
}

TEST_F(Inspection, FindsNothingOfAServiceThatIsGone) {
  record_.service = "/gone";
  store(record_);
  EXPECT_FALSE(inspect(inspector_));
}

TEST_F(Inspection, ShowsAnApplicationItsOwnTokens) {
  store(record_);
  EXPECT_TRUE(inspect(billing()));
}

// The same id in the registry of another service is another application.
TEST_F(Inspection, ShowsNothingToANamesakeOfTheOwner) {
  store(record_);
  is_of_another_registry_ = true;
  EXPECT_EQ(reason_of(inspect(billing())), Reason::token_not_served);
}

TEST_F(Inspection, ShowsNobodyElseWithoutTheRight) {
  store(record_);
  inspector_.may_introspect = false;
  EXPECT_EQ(reason_of(inspect(inspector_)), Reason::token_not_served);
  inspector_.serves = {kIssuer};
  EXPECT_FALSE(inspect(inspector_));
}

struct Served {
  const char* audience; // the token's
  std::vector<std::string> serves;
  bool seen;
};

// RFC 7662 section 2.2: what is not meant for this API is inactive to it.
TEST_F(Inspection, ShowsAnApiTheTokensThatAreMeantForIt) {
  for (const Served& served :
       {Served{kIssuer, {}, true}, Served{"urn:api", {}, false},
        Served{"urn:api", {"urn:api"}, true}, Served{"urn:api", {"urn:other", "urn:api"}, true},
        Served{"urn:api", {"urn:other"}, false}, Served{"urn:a urn:b", {"urn:b"}, true},
        Served{"urn:a urn:b", {"urn:a urn:b"}, false}, Served{kIssuer, {"urn:api"}, false},
        Served{"", {}, false}}) {
    record_.audience = served.audience;
    result_of(tokens_.revoke(record_.key, kNow));
    store(record_);
    inspector_.serves = served.serves;
    EXPECT_EQ(inspect(inspector_).has_value(), served.seen) << served.audience;
  }
}

// An API that is told that it is active could take it for an access token.
TEST_F(Inspection, ShowsARefreshTokenToItsOwnerAlone) {
  record_.kind = TokenKind::refresh;
  store(record_);
  EXPECT_FALSE(inspect(inspector_));
  EXPECT_TRUE(inspect(billing()));
}

} // namespace
} // namespace assay::oauth
