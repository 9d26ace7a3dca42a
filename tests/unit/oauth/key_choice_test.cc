#include "oauth/key_choice.h"

#include <gtest/gtest.h>

#include "support/certificates.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {
namespace {

using namespace std::chrono_literals;
using jose::Algorithm;
using jose::KeyType;
using registry::RegisteredKey;

class Keys : public ::testing::Test {
protected:
  KeyChoice choose(Algorithm algorithm, std::optional<std::string> key_id = {}) {
    return choose_keys(header(algorithm, std::move(key_id)), application_, cache_, kNow);
  }

  std::string described(Algorithm algorithm, std::optional<std::string> key_id = {}) {
    return describe_keys(header(algorithm, std::move(key_id)), application_, cache_, kNow);
  }

  std::vector<std::string> chosen(Algorithm algorithm, std::optional<std::string> key_id = {}) {
    std::vector<std::string> ids;
    for (const Candidate& candidate : choose(algorithm, std::move(key_id)).candidates)
      ids.push_back(candidate.id());
    return ids;
  }

  registry::Application application_ = billing();
  registry::KeyCache cache_{100};

private:
  static jose::JwsHeader header(Algorithm algorithm, std::optional<std::string> key_id) {
    return {.algorithm = algorithm, .key_id = std::move(key_id), .type = {}};
  }
};

using Ids = std::vector<std::string>;

RegisteredKey named(const jose::PrivateKey& key, std::string key_id) {
  return registered_text(key.public_key().to_jwk(), std::move(key_id));
}

RegisteredKey disabled(RegisteredKey key) {
  key.enabled = false;
  return key;
}

RegisteredKey until(RegisteredKey key, TimePoint not_after) {
  key.not_after = not_after;
  return key;
}

RegisteredKey with_algorithm(const jose::PrivateKey& key, std::string_view algorithm) {
  auto jwk = parse_strict_json(key.public_key().to_jwk())->get_object();
  jwk["alg"] = algorithm;
  return registered_text(json::serialize(jwk), key.public_key().key_id());
}

RegisteredKey certified(const jose::PrivateKey& key, std::chrono::sys_seconds not_before,
                        std::chrono::sys_seconds not_after) {
  return registered_text(
      testing::certificate_for(key, {.not_before = not_before, .not_after = not_after}), "cert");
}

TEST_F(Keys, AreChosenByTheirKid) {
  application_.keys = {named(testing::rsa_key(), "old"), named(testing::other_rsa_key(), "new")};
  EXPECT_EQ(chosen(Algorithm::rs256, "old"), Ids{"old"});
  EXPECT_EQ(chosen(Algorithm::rs256, "new"), Ids{"new"});
}

// A kid is a hint that need not be unique (RFC 7517 section 4.5).
TEST_F(Keys, OfOneKidAreAllTried) {
  application_.keys = {named(testing::rsa_key(), "same"), named(testing::other_rsa_key(), "same")};
  EXPECT_EQ(chosen(Algorithm::rs256, "same"), (Ids{"same", "same"}));
}

TEST_F(Keys, AreAllTriedWithoutAKid) {
  application_.keys = {named(testing::rsa_key(), "old"), named(testing::other_rsa_key(), "new")};
  EXPECT_EQ(chosen(Algorithm::rs256), (Ids{"old", "new"}));
}

TEST_F(Keys, OfAnotherKidAreNotTried) {
  application_.keys = {named(testing::rsa_key(), "old")};
  EXPECT_TRUE(chosen(Algorithm::rs256, "new").empty());
  EXPECT_EQ(choose(Algorithm::rs256, "new").none_because, Reason::key_unknown);
}

// A certificate that was registered as a file has no kid; Google's clients send one all the same.
TEST_F(Keys, WithoutAKidFitAnyThatNoKeyHas) {
  application_.keys = {registered_text(testing::certificate_for(testing::rsa_key())),
                       named(testing::other_rsa_key(), "new")};
  EXPECT_EQ(chosen(Algorithm::rs256, "made-up"),
            Ids{testing::rsa_key().public_key().thumbprint().base64url()});
  EXPECT_EQ(chosen(Algorithm::rs256, "new"), Ids{"new"});
}

// Otherwise disabling the key that a kid names would only move the proof to another one.
TEST_F(Keys, WithoutAKidDoNotStandInForADisabledOneOfThatKid) {
  application_.keys = {disabled(named(testing::rsa_key(), "old")),
                       registered_text(testing::certificate_for(testing::rsa_key()))};
  EXPECT_EQ(choose(Algorithm::rs256, "old").none_because, Reason::key_disabled);
}

TEST_F(Keys, AreTriedEightAtMost) {
  application_.keys.assign(20, registered(testing::rsa_key()));
  EXPECT_EQ(choose(Algorithm::rs256).candidates.size(), 8U);
}

TEST_F(Keys, OfOtherTypesDoNotCountAmongTheEight) {
  application_.keys.assign(20, registered(testing::ec_key()));
  application_.keys.push_back(registered(testing::rsa_key()));
  EXPECT_EQ(chosen(Algorithm::rs256), Ids{"rsa-1"});
}

TEST_F(Keys, ThatAreDisabledOrOverDoNotCountAmongTheEight) {
  application_.keys.assign(10, disabled(registered(testing::rsa_key())));
  application_.keys.insert(application_.keys.end(), 10,
                           until(registered(testing::rsa_key()), kNow));
  application_.keys.push_back(named(testing::rsa_key(), "live"));
  EXPECT_EQ(chosen(Algorithm::rs256), Ids{"live"});
}

TEST_F(Keys, AreOverAtTheMomentThatTheRecordSays) {
  application_.keys = {until(registered(testing::ec_key()), kNow + 1us)};
  EXPECT_EQ(chosen(Algorithm::es256), Ids{"ec-1"});
  application_.keys = {until(registered(testing::ec_key()), kNow)};
  EXPECT_EQ(choose(Algorithm::es256).none_because, Reason::key_expired);
}

TEST_F(Keys, OfACertificateAreGoodWithinItsValidity) {
  const auto now = std::chrono::floor<std::chrono::seconds>(kNow);
  const auto& key = testing::ec_key();
  // RFC 5280 section 4.1.2.5: from notBefore through notAfter, inclusive.
  application_.keys = {certified(key, now, now + 1h)};
  EXPECT_EQ(chosen(Algorithm::es256), Ids{"cert"});
  application_.keys = {certified(key, now - 1h, now)};
  EXPECT_EQ(chosen(Algorithm::es256), Ids{"cert"});
  application_.keys = {certified(key, now + 1s, now + 1h)};
  EXPECT_EQ(choose(Algorithm::es256).none_because, Reason::key_expired);
  application_.keys = {certified(key, now - 1h, now - 1s)};
  EXPECT_EQ(choose(Algorithm::es256).none_because, Reason::key_expired);
}

struct Fit {
  KeyType type;
  std::vector<Algorithm> algorithms;
};

TEST_F(Keys, TakeTheAlgorithmsOfTheirTypeAlone) {
  using enum Algorithm;
  for (const auto& [type, algorithms] :
       {Fit{KeyType::rsa, {rs256, rs384, rs512, ps256, ps384, ps512}},
        Fit{KeyType::ec_p256, {es256}}, Fit{KeyType::ec_p384, {es384}},
        Fit{KeyType::ec_p521, {es512}}, Fit{KeyType::ed25519, {eddsa, ed25519}},
        Fit{KeyType::ed448, {eddsa, ed448}}}) {
    application_.keys = {named(testing::key_of(type), "key")};
    for (const Algorithm algorithm : jose::all_algorithms()) {
      const KeyChoice choice = choose(algorithm);
      const bool fits = std::ranges::find(algorithms, algorithm) != algorithms.end();
      EXPECT_EQ(choice.candidates.size(), fits ? 1U : 0U) << name(type) << name(algorithm);
      if (!fits) EXPECT_EQ(choice.none_because, Reason::key_unsuitable) << name(type);
    }
  }
}

// RFC 8725bis: one key, one algorithm.
TEST_F(Keys, WithAnAlgTakeThatOneAlone) {
  application_.keys = {with_algorithm(testing::rsa_key(), "PS256")};
  EXPECT_EQ(chosen(Algorithm::ps256), Ids{"rsa-1"});
  for (const auto algorithm : {Algorithm::rs256, Algorithm::ps384, Algorithm::rs512})
    EXPECT_EQ(choose(algorithm).none_because, Reason::algorithm_not_allowed) << name(algorithm);
}

TEST_F(Keys, AreNarrowedByTheApplicationsAlgorithms) {
  application_.keys = {registered(testing::rsa_key())};
  application_.algorithms = {Algorithm::ps256, Algorithm::rs256};
  EXPECT_EQ(chosen(Algorithm::ps256), Ids{"rsa-1"});
  EXPECT_EQ(chosen(Algorithm::rs256), Ids{"rsa-1"});
  EXPECT_EQ(choose(Algorithm::rs512).none_because, Reason::algorithm_not_allowed);
}

struct Telling {
  const char* name;
  std::vector<RegisteredKey> keys;
  Reason reason;
};

// Of several keys that cannot be used the one that came closest says why, wherever it stands.
TEST_F(Keys, GiveTheMostTellingReason) {
  const RegisteredKey off = disabled(registered(testing::rsa_key()));
  const RegisteredKey over = until(registered(testing::rsa_key()), kNow);
  const RegisteredKey other_type = registered(testing::ec_key());
  const RegisteredKey other_type_off = disabled(registered(testing::ec_key()));
  const RegisteredKey other_algorithm = with_algorithm(testing::rsa_key(), "PS256");
  const RegisteredKey unreadable = registered_text("no key");
  for (Telling& telling : std::vector<Telling>{
           {"no key at all", {}, Reason::key_unknown},
           {"another type", {other_type}, Reason::key_unsuitable},
           {"another type, disabled", {other_type_off}, Reason::key_unsuitable},
           {"a text that is no key", {unreadable}, Reason::key_unsuitable},
           {"disabled, beside another type", {off, other_type}, Reason::key_disabled},
           {"over, beside another type", {over, other_type, unreadable}, Reason::key_expired},
           {"disabled, beside one that is over", {off, over}, Reason::key_disabled},
           {"another algorithm, beside disabled",
            {other_algorithm, off},
            Reason::algorithm_not_allowed}}) {
    application_.keys = telling.keys;
    EXPECT_EQ(choose(Algorithm::rs256).none_because, telling.reason) << telling.name;
    std::ranges::reverse(application_.keys);
    EXPECT_EQ(choose(Algorithm::rs256).none_because, telling.reason) << telling.name;
  }
}

TEST_F(Keys, SayNothingAgainstThemselvesWhenThereIsOne) {
  application_.keys = {disabled(named(testing::rsa_key(), "off")), registered(testing::rsa_key())};
  EXPECT_EQ(choose(Algorithm::rs256).none_because, std::nullopt);
}

TEST_F(Keys, AreDescribedToPeople) {
  const auto now = std::chrono::floor<std::chrono::seconds>(kNow);
  application_.keys = {disabled(named(testing::rsa_key(), "a")),
                       until(named(testing::rsa_key(), "b"), kNow),
                       certified(testing::rsa_key(), now - 1h, now - 1s),
                       named(testing::ec_key(), "d"), registered_text("no key", "e")};
  EXPECT_EQ(described(Algorithm::rs256),
            "a (disabled), b (expired), cert (good from 2027-01-15T07:00:00.000Z to "
            "2027-01-15T07:59:59.000Z), d (P-256), e (unreadable)");
  EXPECT_EQ(described(Algorithm::rs256, "x"), "none of 5 registered");
}

TEST_F(Keys, AreDescribedInFewWordsHoweverManyThereAre) {
  application_.keys.assign(100, named(testing::ec_key(), "k"));
  EXPECT_LT(described(Algorithm::rs256).size(), 120U);
}

} // namespace
} // namespace assay::oauth
