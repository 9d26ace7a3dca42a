#include "registry/signing_key_editor.h"

#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "base/unavailable.h"
#include "registry/signing_keys.h"
#include "stores/memory/memory_property_store.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::array kEs256{jose::Algorithm::es256};

class SigningKeyEditing : public ::testing::Test {
protected:
  SigningKeyEditor editor(const std::string& secret = "a secret of the node, long enough") {
    return SigningKeyEditor(
        {.store = store_,
         .secret = Secret(secret),
         .policy = policy_,
         .random = crypto::secure_random,
         .clock = [this] { return now_; },
         .report = [](std::string_view key,
                      std::string_view why) { ADD_FAILURE() << key << ": " << why; }});
  }
  SigningKeyRow first() { return editor_.list().back(); }
  std::size_t count(SigningKeyState state) {
    return static_cast<std::size_t>(std::ranges::count_if(
        editor_.list(), [&](const SigningKeyRow& row) { return row.state_at(now_) == state; }));
  }

  SigningKeyPolicy policy_{.rotate_every = days(90), .announce_for = days(1), .token_life = 1h};
  TimePoint now_ = kNow;
  stores::MemoryPropertyStore store_;
  SigningKeyEditor editor_ = editor();
};

TEST_F(SigningKeyEditing, MakesAFirstKeyThatSignsAtOnceAndNoOther) {
  editor_.ensure(kEs256);
  editor_.ensure(kEs256);
  ASSERT_EQ(editor_.list().size(), 1U);
  EXPECT_EQ(first().state_at(now_), SigningKeyState::signing);
}

// RFC 8725 section 3.1: one key, one algorithm.
TEST_F(SigningKeyEditing, MakesAKeyForEachAlgorithm) {
  const std::array both{jose::Algorithm::rs256, jose::Algorithm::ps256};
  editor_.ensure(both);
  EXPECT_EQ(editor_.list().size(), 2U);
}

// Made anew, the key would hide that this node cannot read what the others share.
TEST_F(SigningKeyEditing, MakesNoneBesideOneThatItCannotOpen) {
  editor_.ensure(kEs256);
  SigningKeyEditor stranger = editor("another secret of a node, long enough");
  EXPECT_THROW(stranger.ensure(kEs256), Unavailable);
  EXPECT_EQ(editor_.list().size(), 1U);
}

// A year, looked at every hour: nobody who keeps the key set for a day, or a token for an hour,
// ever meets a key that he does not know.
TEST_F(SigningKeyEditing, RotatesSoThatEveryKeyIsKnownBeforeItSignsAndAfter) {
  editor_.ensure(kEs256);
  std::map<std::string, TimePoint> published, signed_last;
  std::string signer;
  for (; now_ < kNow + days(365); now_ += 1h) {
    editor_.maintain();
    std::size_t signers = 0;
    std::set<std::string> known;
    for (const SigningKeyRow& row : editor_.list()) {
      const auto state = row.state_at(now_);
      if (state != SigningKeyState::gone) known.insert(row.id);
      if (state != SigningKeyState::gone) published.try_emplace(row.id, now_);
      if (state != SigningKeyState::signing) continue;
      ++signers;
      signer = row.id;
      EXPECT_FALSE(row.sealed.empty());
    }
    ASSERT_EQ(signers, 1U);
    if (published.size() > 1) {
      EXPECT_GE(now_ - published[signer], policy_.announce_for - 1h);
    }
    signed_last[signer] = now_;
    for (const auto& [id, last] : signed_last)
      if (now_ - last <= policy_.token_life) {
        EXPECT_TRUE(known.contains(id));
      }
  }
  EXPECT_EQ(signed_last.size(), 5U);
  EXPECT_LE(editor_.list().size(), 3U); // gone ones are forgotten after a month
}

TEST_F(SigningKeyEditing, AnnouncesALateSuccessorForItsWholeTime) {
  editor_.ensure(kEs256);
  now_ += days(200); // no node was running
  editor_.maintain();
  EXPECT_EQ(editor_.list().front().signs_from, now_ + policy_.announce_for);
  EXPECT_EQ(first().state_at(now_), SigningKeyState::signing);
}

TEST_F(SigningKeyEditing, TakesThePrivateHalfOfARetiredKeyAway) {
  editor_.ensure(kEs256);
  now_ += 1s;
  editor_.rotate(jose::Algorithm::es256, Takeover::at_once);
  EXPECT_FALSE(first().sealed.empty());
  now_ += 6min;
  editor_.maintain();
  EXPECT_TRUE(first().sealed.empty());
  EXPECT_FALSE(editor_.list().front().sealed.empty());
}

TEST_F(SigningKeyEditing, RotatesByHandAfterTheAnnouncement) {
  editor_.ensure(kEs256);
  const SigningKeyRow next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  EXPECT_EQ(next.state_at(now_), SigningKeyState::announced);
  EXPECT_EQ(next.signs_from, now_ + policy_.announce_for);
  EXPECT_EQ(first().signs_until, next.signs_from);
  const SigningKeyRow again = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  EXPECT_EQ(again.id, next.id);
  EXPECT_EQ(editor_.list().size(), 2U);
}

TEST_F(SigningKeyEditing, LetsTheAnnouncedKeyTakeOverAtOnce) {
  editor_.ensure(kEs256);
  const SigningKeyRow next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  EXPECT_EQ(editor_.rotate(jose::Algorithm::es256, Takeover::at_once).id, next.id);
  EXPECT_EQ(count(SigningKeyState::signing), 1U);
  EXPECT_EQ(count(SigningKeyState::retired), 1U);
}

TEST_F(SigningKeyEditing, RevokesTheSignerForAnotherThatSignsAtOnce) {
  editor_.ensure(kEs256);
  const std::string leaked = first().id;
  now_ += 1s;
  EXPECT_TRUE(editor_.revoke(leaked));
  EXPECT_EQ(count(SigningKeyState::gone), 1U);
  EXPECT_EQ(count(SigningKeyState::signing), 1U);
  EXPECT_NE(editor_.list().front().id, leaked);
  EXPECT_TRUE(first().sealed.empty());
}

TEST_F(SigningKeyEditing, RevokesTheSignerForTheOneThatIsAnnounced) {
  editor_.ensure(kEs256);
  const std::string leaked = first().id;
  now_ += 1s;
  const SigningKeyRow next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  editor_.revoke(leaked);
  EXPECT_EQ(editor_.list().size(), 2U);
  EXPECT_EQ(editor_.list().front().id, next.id);
  EXPECT_EQ(count(SigningKeyState::signing), 1U);
}

TEST_F(SigningKeyEditing, LeavesTheSignerWhenItsSuccessorIsRevoked) {
  editor_.ensure(kEs256);
  const SigningKeyRow next = editor_.rotate(jose::Algorithm::es256, Takeover::after_announcement);
  editor_.revoke(next.id);
  EXPECT_EQ(first().state_at(now_ + days(10)), SigningKeyState::signing);
}

TEST_F(SigningKeyEditing, KnowsWhatIsNotThere) { EXPECT_FALSE(editor_.revoke("unknown")); }

TEST(ConcurrentSigningKeyEditing, RotatesOnce) {
  stores::MemoryPropertyStore store;
  const auto editor_at = [&store](TimePoint now) {
    return SigningKeyEditor(
        {.store = store,
         .secret = Secret(std::string("a secret of the node, long enough")),
         .policy = {.rotate_every = days(90), .announce_for = days(1), .token_life = 1h},
         .random = crypto::secure_random,
         .clock = [now] { return now; },
         .report = [](std::string_view, std::string_view) {}});
  };
  SigningKeyEditor maker = editor_at(kNow);
  maker.ensure(kEs256);
  std::vector<std::thread> nodes;
  for (int node = 0; node < 4; ++node)
    nodes.emplace_back([&] {
      SigningKeyEditor editor = editor_at(kNow + days(89));
      editor.ensure(kEs256);
      editor.maintain();
    });
  for (std::thread& node : nodes)
    node.join();
  EXPECT_EQ(maker.list().size(), 2U);
}

} // namespace
} // namespace assay::registry
