#include "registry/signing_key.h"

#include <gtest/gtest.h>

#include "crypto/random.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kSecret = "a secret of the node, long enough";

SigningKeyRow new_row(jose::Algorithm algorithm = jose::Algorithm::es256) {
  return make_signing_key(algorithm, kNow, kNow + 1h, kSecret, crypto::secure_random);
}

TEST(SigningKeyRow, GoesThroughItsStatesByTimeAlone) {
  SigningKeyRow row = new_row();
  row.signs_until = kNow + 2h;
  row.gone_at = kNow + 3h;
  EXPECT_EQ(row.state_at(kNow), SigningKeyState::announced);
  EXPECT_EQ(row.state_at(kNow + 1h - 1us), SigningKeyState::announced);
  EXPECT_EQ(row.state_at(kNow + 1h), SigningKeyState::signing);
  EXPECT_EQ(row.state_at(kNow + 2h), SigningKeyState::retired);
  EXPECT_EQ(row.state_at(kNow + 3h), SigningKeyState::gone);
}

TEST(SigningKeyRow, SignsUntilItHasASuccessor) {
  EXPECT_EQ(new_row().state_at(kNow + std::chrono::days(3650)), SigningKeyState::signing);
}

TEST(SigningKeyRow, IsReadAsItWasWritten) {
  for (const auto algorithm : {jose::Algorithm::es256, jose::Algorithm::eddsa,
                               jose::Algorithm::rs256, jose::Algorithm::ps256}) {
    SigningKeyRow row = new_row(algorithm);
    row.signs_until = kNow + 2h;
    const auto again = read_signing_key(row.id, *to_write(row).value, 7);
    ASSERT_TRUE(again) << again.error();
    EXPECT_EQ(again->algorithm, algorithm);
    EXPECT_EQ(again->signs_from, row.signs_from);
    EXPECT_EQ(again->signs_until, row.signs_until);
    EXPECT_FALSE(again->gone_at);
    EXPECT_EQ(again->version, 7U);
    const auto key = open_signing_key(*again, kSecret);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->public_key().thumbprint().base64url(), row.id);
  }
}

TEST(SigningKeyRow, HidesThePrivateHalf) {
  const SigningKeyRow row = new_row();
  const auto key = open_signing_key(row, kSecret);
  const auto jwk = parse_strict_json(key->to_jwk().reveal());
  const std::string secret(jwk->as_object().at("d").as_string());
  EXPECT_FALSE(to_write(row).value->contains(secret));
  EXPECT_FALSE(row.sealed.contains(secret));
}

TEST(SigningKeyRow, OpensUnderItsSecretAndAtItsPlaceAlone) {
  SigningKeyRow row = new_row();
  EXPECT_FALSE(open_signing_key(row, "another secret of the node, long enough"));
  row.id = new_row().id; // a sealed key must not be moved into the place of another
  EXPECT_FALSE(open_signing_key(row, kSecret));
}

TEST(SigningKeyRow, IsRefusedIfItCannotBeRead) {
  const std::string good = *to_write(new_row()).value;
  EXPECT_TRUE(read_signing_key("id", good, 1));
  for (const char* bad : {"", "[]", "{}", R"({"algorithm":"HS256"})"})
    EXPECT_FALSE(read_signing_key("id", bad, 1)) << bad;
  auto without_end = parse_strict_json(good)->get_object();
  without_end["gone_at"] = "some day";
  EXPECT_FALSE(read_signing_key("id", json::serialize(without_end), 1));
}

} // namespace
} // namespace assay::registry
