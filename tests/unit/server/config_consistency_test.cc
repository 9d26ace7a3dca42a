#include "server/config_consistency.h"

#include <gtest/gtest.h>

#include "unit/server/yaml.h"

namespace assay::server {
namespace {

// What is wrong with settings each of which may be good by itself.
std::string conflicts_in(std::string_view yaml) {
  ConfigFaults ignored;
  const ConfigReading reading = read_settings(tree_of(yaml), ignored);
  ConfigFaults faults;
  check_consistency(reading, faults);
  return to_text(faults);
}

TEST(ConfigConsistency, FindsNothingWrongWithTheDefaults) { EXPECT_EQ(conflicts_in(""), ""); }

TEST(ConfigConsistency, WantsEachServiceAtAPathOfItsOwn) {
  EXPECT_EQ(conflicts_in("token_services:\n  - path: /a\n  - path: /b\n  - path: /a\n"),
            "assay.yaml:4:11: token_services[2].path: \"/a\" is also token_services[0].path; they "
            "must differ");
  EXPECT_EQ(conflicts_in("token_services: [{path: /a}, {path: /b}]"), "");
}

TEST(ConfigConsistency, FindsAServiceAtTheDefaultPathOfAnother) {
  EXPECT_EQ(conflicts_in("token_services:\n  - {require_jti: true}\n  - {require_jti: false}\n"),
            "assay.yaml:3:5: token_services[1].path: \"/api/oauth/token\" is also "
            "token_services[0].path; they must differ");
}

TEST(ConfigConsistency, KeepsTheManagersPortFromClients) {
  EXPECT_EQ(conflicts_in("manager: {port: 8080}"),
            "assay.yaml:1:17: manager.port: \"8080\" is also listen.port; they must differ");
  EXPECT_NE(conflicts_in("manager: {port: 8080, address: 0.0.0.0}"), "");
  EXPECT_NE(conflicts_in("manager: {port: 8080}\nlisten: {address: \"::\"}"), "");
  EXPECT_EQ(conflicts_in("manager: {port: 8080, address: 127.0.0.2}"), "");
  EXPECT_EQ(conflicts_in("manager: {port: 0}\nlisten: {port: 0}"), "");
}

TEST(ConfigConsistency, WantsTheCertificateAndTheKeyOfTlsTogether) {
  EXPECT_EQ(conflicts_in("listen: {tls: {certificate: a.pem}}"),
            "assay.yaml:1:29: listen.tls.certificate: needs listen.tls.key");
  EXPECT_EQ(conflicts_in("listen: {tls: {key: a.pem}}"),
            "assay.yaml:1:21: listen.tls.key: needs listen.tls.certificate");
  EXPECT_EQ(conflicts_in("listen: {tls: {certificate: a.pem, key: a.pem}}"), "");
}

// Otherwise the operator believes that certificates count, and nobody is asked for one.
TEST(ConfigConsistency, WantsNothingOfClientsWithoutTls) {
  EXPECT_EQ(conflicts_in("listen: {tls: {ask_client_certificate: true}}"),
            "assay.yaml:1:40: listen.tls.ask_client_certificate: needs listen.tls.certificate");
  EXPECT_EQ(conflicts_in("listen: {tls: {certificate: a.pem, key: a.pem, client_ca: b.pem}}"),
            "assay.yaml:1:59: listen.tls.client_ca: needs listen.tls.ask_client_certificate");
}

TEST(ConfigConsistency, MintsWithoutAStoreOnlyWhatCanBeCheckedWithoutOne) {
  EXPECT_EQ(conflicts_in("token_services: [{access_token: {store_outage: mint}}]"),
            "assay.yaml:1:48: token_services[0].access_token.store_outage: needs "
            "token_services[0].access_token.format: jwt");
  EXPECT_EQ(conflicts_in("token_services: [{access_token: {store_outage: mint, format: jwt}}]"),
            "");
}

TEST(ConfigConsistency, SaysItWhereSomethingWasSet) {
  EXPECT_EQ(conflicts_in("listen: {port: 8090}"),
            "assay.yaml:1:16: listen.port: \"8090\" is also manager.port; they must differ");
}

TEST(ConfigConsistency, WantsAFileForEachStore) {
  EXPECT_EQ(conflicts_in("stores: {usage: sqlite:tokens.db}"),
            "assay.yaml:1:17: stores.usage: \"sqlite:tokens.db\" is also stores.tokens; they must "
            "differ");
  EXPECT_EQ(conflicts_in("stores: {usage: \"memory:\", tokens: \"memory:\"}"), "");
}

// Otherwise who keeps the key set meets tokens of a key that he cannot know.
TEST(ConfigConsistency, AnnouncesAKeyForLongerThanTheKeySetIsKept) {
  EXPECT_EQ(conflicts_in("signing_keys: {max_age: 10s, announce_for: 10s}"),
            "assay.yaml:1:44: signing_keys.announce_for: 10s must be longer than "
            "signing_keys.max_age, which is 10s: a key set that was fetched just before must be "
            "over when the new key signs");
  EXPECT_NE(conflicts_in("signing_keys: {announce_for: 899s}"), "");
  EXPECT_NE(conflicts_in("signing_keys: {max_age: 1d}"), "");
  EXPECT_EQ(conflicts_in("signing_keys: {max_age: 10s, announce_for: 11s}"), "");
}

TEST(ConfigConsistency, LetsAKeySignForLongerThanItsSuccessorIsAnnounced) {
  EXPECT_EQ(conflicts_in("signing_keys: {rotate_every: 1d}"),
            "assay.yaml:1:30: signing_keys.rotate_every: 86400s must be longer than "
            "signing_keys.announce_for, which is 86400s: a successor is announced while the key "
            "signs");
  EXPECT_EQ(conflicts_in("signing_keys: {announce_for: 91d}"),
            "assay.yaml:1:30: signing_keys.announce_for: 7862400s must be shorter than "
            "signing_keys.rotate_every, which is 7776000s: a successor is announced while the key "
            "signs");
  EXPECT_EQ(conflicts_in("signing_keys: {rotate_every: 2d}"), "");
}

TEST(ConfigConsistency, MakesClaimsOfParametersAlone) {
  EXPECT_EQ(conflicts_in("token_services: [{parameters: {tier: gold}, "
                         "access_token: {claims: [tier, tenant]}}]"),
            "assay.yaml:1:68: token_services[0].access_token.claims: \"tenant\" is not in "
            "token_services[0].parameters: a claim is a parameter of the service");
  EXPECT_NE(conflicts_in("token_services: [{access_token: {claims: tier}}, "
                         "{path: /b, parameters: {tier: gold}}]"),
            "");
  EXPECT_EQ(conflicts_in("token_services: [{parameters: {tier: gold}, "
                         "access_token: {claims: tier}}]"),
            "");
}

// The default that stands in for a refused value is nobody's wish.
TEST(ConfigConsistency, LeavesOutWhatWasRefusedByItself) {
  EXPECT_EQ(conflicts_in("token_services:\n  - path: nowhere\n  - {}\n  - 5\n"), "");
}

} // namespace
} // namespace assay::server
