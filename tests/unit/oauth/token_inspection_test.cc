#include "oauth/token_inspection.h"

#include <gtest/gtest.h>

#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/tokens.h"
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

  std::optional<TokenRecord> inspect(const registry::Application& asker, TimePoint now = kNow) {
    const TokenInspection inspection(
        tokens_,
        [this](const TokenRecord& record) {
          return record.service == kService && owner_ ? shared(*owner_) : nullptr;
        },
        kIssuer);
    return result_of(inspection.inspect(Secret(text_), asker, now));
  }

  const std::string text_ = testing::token_text("token", kExpiry);
  TokenRecord record_ = testing::record_of(text_, kExpiry);
  stores::MemoryTokenStore tokens_;
  std::optional<registry::Application> owner_ = billing();
  registry::Application inspector_;
};

TEST_F(Inspection, FindsALiveToken) {
  store(record_);
  const auto found = inspect(inspector_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client_id, "billing");
  EXPECT_EQ(found->key.digest, record_.key.digest);
}

TEST_F(Inspection, FindsNothingThatWasNeverIssued) { EXPECT_FALSE(inspect(inspector_)); }

TEST_F(Inspection, FindsNothingFromTheMomentOfExpiry) {
  store(record_);
  EXPECT_TRUE(inspect(inspector_, kExpiry - 1us));
  EXPECT_FALSE(inspect(inspector_, kExpiry));
}

TEST_F(Inspection, FindsNothingThatWasRevoked) {
  store(record_);
  result_of(tokens_.revoke(record_.key, kNow));
  EXPECT_FALSE(inspect(inspector_));
}

TEST_F(Inspection, FindsNothingOfADisabledOrDeletedApplication) {
  store(record_);
  owner_->enabled = false;
  EXPECT_FALSE(inspect(inspector_));
  owner_.reset();
  EXPECT_FALSE(inspect(inspector_));
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

TEST_F(Inspection, ShowsNobodyElseWithoutTheRight) {
  store(record_);
  inspector_.may_introspect = false;
  EXPECT_FALSE(inspect(inspector_));
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
