#include "registry/key_source.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow = std::chrono::sys_days{std::chrono::March / 1 / 2026} + 12h;
constexpr KeySourceSettings kSettings{};

std::string key_text(const jose::PrivateKey& key) { return key.public_key().to_jwk(); }

KeySource unknown() { return {.origin = {.uri = "https://billing.example/keys", .ca_digest = ""}}; }

FetchedKeys brought(std::optional<std::chrono::seconds> fresh_for = {}) {
  return {{key_text(testing::ec_key())}, fresh_for};
}

KeySource fetched(std::optional<std::chrono::seconds> fresh_for = {},
                  const KeySourceSettings& settings = kSettings) {
  return after_fetch(unknown(), brought(fresh_for), settings, kNow);
}

KeySource failed(KeySource before, TimePoint now) {
  return after_fetch(std::move(before), std::unexpected("nobody listens"), kSettings, now);
}

Application billing() {
  Application application = *parse_application(billing_record());
  application.jwks_uri = "https://billing.example/keys";
  return application;
}

TEST(KeySource, KnowsItsKeysAndTheirTimesAfterAFetch) {
  const KeySource source = fetched(5min);
  EXPECT_EQ(source.keys, brought().keys);
  EXPECT_EQ(source.fetched_at, kNow);
  EXPECT_EQ(source.fresh_until, kNow + 5min);
  EXPECT_EQ(source.next_try, kNow + 5min);
  EXPECT_EQ(source.keep_until, kNow + 24h);
  EXPECT_FALSE(source.fault);
}

TEST(KeySource, BringsWhatCacheHeadersAskForWithinItsLimits) {
  EXPECT_EQ(fetched(0s).next_try, kNow + 60s);
  EXPECT_EQ(fetched(std::nullopt).next_try, kNow + 1h);
  KeySourceSettings settings;
  settings.refresh_most = 2h;
  EXPECT_EQ(fetched(24h, settings).next_try, kNow + 2h);
}

// Else the keys would be over at the moment when the first try to renew them begins.
TEST(KeySource, LeavesHalfOfTheTimeForTryingAgain) { EXPECT_EQ(fetched(24h).next_try, kNow + 12h); }

TEST(KeySource, KeepsItsKeysWhenAFetchFails) {
  const KeySource before = fetched(5min);
  const KeySource after = failed(before, kNow + 5min);
  EXPECT_EQ(after.keys, before.keys);
  EXPECT_EQ(after.fetched_at, before.fetched_at);
  EXPECT_EQ(after.keep_until, before.keep_until);
  ASSERT_TRUE(after.fault);
  EXPECT_EQ(after.fault->what, "nobody listens");
}

TEST(KeySource, WaitsTwiceAsLongAfterEachFailureUpToTheDefault) {
  KeySource source = unknown();
  std::vector<std::chrono::seconds> pauses;
  for (int failures = 0; failures < 9; ++failures) {
    source = failed(source, kNow);
    pauses.push_back(std::chrono::duration_cast<std::chrono::seconds>(source.next_try - kNow));
  }
  EXPECT_EQ(pauses, (std::vector<std::chrono::seconds>{60s, 120s, 240s, 480s, 960s, 1920s, 3600s,
                                                       3600s, 3600s}));
}

TEST(KeySource, SaysSinceWhenItFailsAndForgetsItWhenAllIsWell) {
  const KeySource twice = failed(failed(fetched(), kNow + 1h), kNow + 2h);
  EXPECT_EQ(twice.fault->since, kNow + 1h);
  EXPECT_EQ(twice.fault->failures, 2U);
  EXPECT_FALSE(after_fetch(twice, brought(), kSettings, kNow + 3h).fault);
}

TEST(KeySource, IsTheSameAfterARoundTrip) {
  const KeySource before = failed(fetched(5min), kNow + 5min);
  const auto after = load_key_source(json::serialize(to_record(before)));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->origin, before.origin);
  EXPECT_EQ(after->keys, before.keys);
  EXPECT_EQ(after->fetched_at, before.fetched_at);
  EXPECT_EQ(after->fresh_until, before.fresh_until);
  EXPECT_EQ(after->keep_until, before.keep_until);
  EXPECT_EQ(after->next_try, before.next_try);
  EXPECT_EQ(after->fault->what, before.fault->what);
  EXPECT_EQ(after->fault->since, before.fault->since);
  EXPECT_EQ(after->fault->failures, 1U);
}

// What a server says of itself must not make the row unreadable.
TEST(KeySource, CanBeReadWhateverTheErrorWas) {
  for (const std::string& what :
       {std::string("two\nlines"), std::string("\xFF"), std::string(100'000, 'x')}) {
    const KeySource source = after_fetch(unknown(), std::unexpected(what), kSettings, kNow);
    const auto read = load_key_source(json::serialize(to_record(source)));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->fault);
  }
}

TEST(KeySource, RefusesARowThatIsNone) {
  for (const char* row : {"", "[]", "{}", R"({"keys": 1})"})
    EXPECT_FALSE(load_key_source(row)) << row;
  json::object without_a_time = to_record(fetched());
  without_a_time.erase("keep_until");
  EXPECT_FALSE(load_key_source(json::serialize(without_a_time)));
}

TEST(KeySource, GivesItsKeysBehindThoseOfTheRecordAndWithAnEnd) {
  KeySource source = fetched();
  source.keys.push_back(key_text(testing::rsa_key()));
  source.keys.erase(source.keys.begin());
  const Application merged = with_keys_of(source, billing());
  ASSERT_EQ(merged.keys.size(), 2U);
  EXPECT_EQ(merged.keys[0].key_id, "ec-1");
  EXPECT_FALSE(merged.keys[0].not_after);
  EXPECT_EQ(merged.keys[1].key_id, "rsa-1");
  EXPECT_EQ(merged.keys[1].not_after, kNow + 24h);
  EXPECT_TRUE(parse(merged.keys[1]));
  EXPECT_EQ(merged.keys[1].digest, crypto::sha256(merged.keys[1].text));
}

// Else whoever fills the URL could bring back a key that the operator disabled.
TEST(KeySource, LeavesAKidOfTheRecordToTheRecord) {
  Application record = billing();
  record.keys[0].enabled = false;
  const Application merged = with_keys_of(fetched(), record);
  ASSERT_EQ(merged.keys.size(), 1U);
  EXPECT_FALSE(merged.keys[0].enabled);
}

TEST(KeyOrigin, DiffersByTheUriAndByTheCa) {
  const Application application = billing();
  Application other_uri = application;
  other_uri.jwks_uri += "2";
  Application other_ca = application;
  other_ca.jwks_ca = "-----BEGIN CERTIFICATE-----";
  EXPECT_EQ(KeyOrigin::of(application), KeyOrigin::of(billing()));
  EXPECT_NE(KeyOrigin::of(application), KeyOrigin::of(other_uri));
  EXPECT_NE(KeyOrigin::of(application), KeyOrigin::of(other_ca));
}

} // namespace
} // namespace assay::registry
