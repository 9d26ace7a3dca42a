#include "registry/signing_keys.h"

#include <gtest/gtest.h>

#include "registry/signing_key_editor.h"
#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::array kEs256{jose::Algorithm::es256};

class SigningKeySnapshot : public ::testing::Test {
protected:
  SigningKeySnapshot() { editor_.ensure(kEs256); }

  std::string signer() {
    keys_.refresh(now_);
    const auto key = keys_.signer(jose::Algorithm::es256, now_);
    return key ? key->id : "";
  }
  std::vector<std::string> published() {
    keys_.refresh(now_);
    const auto set = parse_strict_json(keys_.key_set()->body);
    std::vector<std::string> ids;
    for (const json::value& key : set->as_object().at("keys").as_array())
      ids.emplace_back(key.as_object().at("kid").as_string());
    return ids;
  }

  const Secret secret_{"a secret of the node, long enough"};
  TimePoint now_ = kNow;
  stores::MemoryPropertyStore store_;
  std::vector<std::string> reports_;
  SigningKeyEditor editor_{{.store = store_,
                            .secret = secret_,
                            .policy = {.rotate_every = 24h, .announce_for = 2h, .token_life = 1h},
                            .random = crypto::secure_random,
                            .clock = [this] { return now_; },
                            .report = [](std::string_view, std::string_view) {}}};
  SigningKeys keys_{store_, secret_,
                    [this](std::string_view key, std::string_view) { reports_.emplace_back(key); }};
};

TEST_F(SigningKeySnapshot, ChecksByAKeyUntilItIsGone) {
  const std::string first = signer();
  const std::string next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement).id;
  now_ += 2h;
  EXPECT_EQ(signer(), next);
  for (const std::string& id : {first, next}) {
    const auto known = keys_.verifier(id, now_);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->algorithm, jose::Algorithm::es256);
    EXPECT_EQ(known->key.thumbprint().base64url(), id);
  }
  EXPECT_FALSE(keys_.verifier("unknown", now_));
  EXPECT_FALSE(keys_.verifier(first, now_ + 2h)) << "gone, though nobody took over the time";
}

TEST_F(SigningKeySnapshot, SignsByTheSuccessorFromItsTimeOn) {
  const std::string first = signer();
  EXPECT_FALSE(first.empty());
  const std::string next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement).id;
  EXPECT_EQ(signer(), first);
  EXPECT_EQ(published(), (std::vector<std::string>{next, first}));
  now_ += 2h;
  EXPECT_EQ(signer(), next);
  EXPECT_EQ(published(), (std::vector<std::string>{next, first}));
  now_ += 2h;
  EXPECT_EQ(published(), (std::vector<std::string>{next}));
}

TEST_F(SigningKeySnapshot, ForgetsARevokedKeyAtOnce) {
  const std::string first = signer();
  now_ += 1s;
  editor_.revoke(first);
  EXPECT_NE(signer(), first);
  EXPECT_EQ(published().size(), 1U);
  EXPECT_NE(published().front(), first);
}

TEST_F(SigningKeySnapshot, HasATagThatChangesWithTheKeysAlone) {
  signer();
  const std::string tag = keys_.key_set()->entity_tag;
  now_ += 1h;
  signer();
  EXPECT_EQ(keys_.key_set()->entity_tag, tag);
  editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  signer();
  EXPECT_NE(keys_.key_set()->entity_tag, tag);
}

TEST_F(SigningKeySnapshot, SignsNothingForAnotherAlgorithm) {
  signer();
  EXPECT_FALSE(keys_.signer(jose::Algorithm::rs256, now_));
}

// Who checks tokens of the other nodes needs it all the same.
TEST_F(SigningKeySnapshot, PublishesAKeyThatItCannotOpen) {
  SigningKeys stranger(
      store_, Secret(std::string("another secret")),
      [this](std::string_view key, std::string_view) { reports_.emplace_back(key); });
  stranger.refresh(now_);
  EXPECT_FALSE(stranger.signer(jose::Algorithm::es256, now_));
  EXPECT_EQ(stranger.key_set()->body, (keys_.refresh(now_), keys_.key_set()->body));
  EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(SigningKeySnapshot, ReportsARowThatIsNone) {
  const PropertyWrite write{"bad", "{}", std::nullopt};
  store_.apply(kSigningKeyTable, {&write, 1});
  EXPECT_FALSE(signer().empty());
  EXPECT_EQ(reports_, std::vector<std::string>{"bad"});
}

} // namespace
} // namespace assay::registry
