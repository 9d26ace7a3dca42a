#include "registry/key_set_answer.h"

#include <gtest/gtest.h>

#include "registry/record_limits.h"
#include "unit/registry/records.h"

namespace assay::registry {
namespace {

using namespace std::chrono_literals;

using Result = std::expected<FetchedKeys, std::string>;

Result read(std::string body, long status = 200) {
  return read_key_set(fetch::FetchAnswer{.status = status,
                                         .fields = {{"cache-control", "max-age=300"}},
                                         .body = std::move(body)},
                      TimePoint());
}

Result read_keys_of(json::array keys) {
  return read(json::serialize(json::object{{"keys", std::move(keys)}}));
}

std::string fault(const Result& result) { return result ? "" : result.error(); }

TEST(KeySetAnswer, HasTheKeysAndForHowLongTheyAreFresh) {
  const auto keys = read_keys_of({public_jwk(testing::ec_key()), public_jwk(testing::rsa_key())});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->keys.size(), 2U);
  EXPECT_EQ(keys->keys[0], testing::ec_key().public_key().to_jwk());
  EXPECT_EQ(keys->fresh_for, 300s);
}

TEST(KeySetAnswer, PassesOverKeysThatCannotBeUsed) {
  json::object encrypting = public_jwk(testing::other_rsa_key());
  encrypting["use"] = "enc";
  json::object broken = public_jwk(testing::rsa_key());
  broken["n"] = "AQAB";
  const auto keys = read_keys_of({encrypting, broken, json::object{{"kty", "oct"}, {"k", "AQAB"}},
                                  "no object", public_jwk(testing::ec_key())});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->keys, std::vector{testing::ec_key().public_key().to_jwk()});
}

// It stands in the open: whoever reads the page could sign with it.
TEST(KeySetAnswer, PassesOverAPrivateKey) {
  const auto private_jwk = parsed(testing::rsa_key().to_jwk().reveal());
  EXPECT_EQ(fault(read_keys_of({private_jwk})),
            "the JWK Set has no key that can verify a signature here");
  EXPECT_EQ(read_keys_of({private_jwk, public_jwk(testing::ec_key())})->keys.size(), 1U);
}

TEST(KeySetAnswer, HasAKeyOnceAndNothingBesideIt) {
  json::object with_certificates = public_jwk(testing::ec_key());
  with_certificates["x5c"] = json::array{std::string(10'000, 'A')};
  const auto keys = read_keys_of({public_jwk(testing::ec_key()), with_certificates});
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->keys, std::vector{testing::ec_key().public_key().to_jwk()});
}

TEST(KeySetAnswer, IsNoneWithoutAKeyThatCanBeUsed) {
  EXPECT_EQ(fault(read_keys_of({})), "the JWK Set has no key that can verify a signature here");
}

TEST(KeySetAnswer, IsNoneIfItIsSomethingElse) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"keys": {}})", R"({"keys":[],"keys":[]})"})
    EXPECT_EQ(fault(read(body)), "the answer is no JWK Set") << body;
  EXPECT_EQ(fault(read(R"({"keys":[]})", 302)), "the answer has the status 302");
  EXPECT_EQ(fault(read_key_set(std::unexpected(fetch::FetchFault{"nobody listens"}), {})),
            "nobody listens");
}

TEST(KeySetAnswer, HasALimitedNumberOfKeys) {
  json::array keys(kKeysMax, json::object());
  keys[0] = public_jwk(testing::ec_key());
  EXPECT_TRUE(read_keys_of(keys));
  keys.emplace_back(json::object());
  EXPECT_EQ(fault(read_keys_of(keys)), "the JWK Set has more than 100 keys");
}

} // namespace
} // namespace assay::registry
