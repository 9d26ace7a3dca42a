#include "registry/sourced_applications.h"

#include <gtest/gtest.h>

#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow = std::chrono::sys_days{std::chrono::March / 1 / 2026} + 12h;
constexpr const char* kUri = "https://billing.example/keys";

std::shared_ptr<const Application> record(const std::string& uri = kUri, bool enabled = true) {
  auto application = std::make_shared<Application>(*parse_application(billing_record()));
  application->jwks_uri = uri;
  application->enabled = enabled;
  return application;
}

std::shared_ptr<const KeySource> source(const std::string& uri = kUri) {
  return std::make_shared<KeySource>(KeySource{.origin = {.uri = uri, .ca_digest = ""},
                                               .keys = {testing::rsa_key().public_key().to_jwk()},
                                               .fetched_at = kNow - 1h,
                                               .fresh_until = kNow + 1h,
                                               .keep_until = kNow + 2h,
                                               .next_try = kNow + 1h});
}

using Ids = std::vector<std::string>;

TEST(SourcedApplications, MergesARecordAndItsSourceInWhateverOrderTheyCome) {
  SourcedApplications sourced;
  sourced.put_record("billing", record());
  EXPECT_EQ(sourced.merged("billing")->keys.size(), 1U);
  sourced.put_source("billing", source());
  EXPECT_EQ(sourced.merged("billing")->keys.size(), 2U);
  sourced.put_record("billing", nullptr);
  EXPECT_EQ(sourced.merged("billing"), nullptr);
  sourced.put_record("billing", record());
  EXPECT_EQ(sourced.merged("billing")->keys.size(), 2U);
  EXPECT_EQ(sourced.find("billing").record->keys.size(), 1U);
}

TEST(SourcedApplications, CountNoKeysFromAnotherUri) {
  SourcedApplications sourced;
  sourced.put_record("billing", record());
  sourced.put_source("billing", source("https://elsewhere.example/keys"));
  EXPECT_EQ(sourced.merged("billing")->keys.size(), 1U);
  EXPECT_EQ(sourced.find("billing").source, nullptr);
  EXPECT_EQ(sourced.due(kNow), Ids{"billing"});
}

TEST(SourcedApplications, AreDueAtOnceAndThenWhenTheirSourceSays) {
  SourcedApplications sourced;
  sourced.put_record("billing", record());
  EXPECT_EQ(sourced.due(kNow), Ids{"billing"});
  sourced.put_source("billing", source());
  EXPECT_EQ(sourced.due(kNow + 1h - 1us), Ids{});
  EXPECT_EQ(sourced.due(kNow + 1h), Ids{"billing"});
}

TEST(SourcedApplications, AreNotDueWhileDisabled) {
  SourcedApplications sourced;
  sourced.put_record("billing", record(kUri, false));
  EXPECT_EQ(sourced.due(kNow), Ids{});
}

TEST(SourcedApplications, AreDueToBeForgottenOnceTheirKeysAreOver) {
  SourcedApplications sourced;
  sourced.put_source("billing", source());
  EXPECT_EQ(sourced.due(kNow + 2h - 1us), Ids{});
  EXPECT_EQ(sourced.due(kNow + 2h), Ids{"billing"});
  sourced.put_source("billing", nullptr);
  EXPECT_EQ(sourced.due(kNow + 2h), Ids{});
}

} // namespace
} // namespace assay::registry
