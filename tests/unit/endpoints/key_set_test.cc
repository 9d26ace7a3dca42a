#include "endpoints/key_set.h"

#include <gtest/gtest.h>

#include "registry/signing_key_editor.h"
#include "stores/memory/memory_property_store.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

class KeySet : public ::testing::Test {
protected:
  KeySet() {
    registry::SigningKeyEditor editor({.store = store_,
                                       .secret = secret_,
                                       .policy = {24h, 2h, 1h},
                                       .random = crypto::secure_random,
                                       .clock = [] { return kNow; },
                                       .report = report});
    const jose::Algorithm algorithm = jose::Algorithm::es256;
    editor.ensure({&algorithm, 1});
    keys_.refresh(kNow);
  }
  static void report(std::string_view key, std::string_view why) {
    ADD_FAILURE() << key << ": " << why;
  }
  http::Response get(const std::string& if_none_match = "") {
    http::Request request;
    if (!if_none_match.empty()) request.fields.push_back({"If-None-Match", if_none_match});
    return endpoint_.answer(request);
  }

  const Secret secret_{"a secret of the node, long enough"};
  stores::MemoryPropertyStore store_;
  registry::SigningKeys keys_{store_, secret_, report};
  KeySetEndpoint endpoint_{keys_, 900s};
};

// RFC 7517 section 5: public halves, each for one algorithm.
TEST_F(KeySet, HasWhatTokensAreCheckedBy) {
  const auto response = get();
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(field_of(response, "Content-Type"), "application/json");
  EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=900");
  const json::array keys = members_of(response).at("keys").as_array();
  ASSERT_EQ(keys.size(), 1U);
  const json::object& key = keys.front().as_object();
  EXPECT_EQ(key.at("kty"), "EC");
  EXPECT_EQ(key.at("alg"), "ES256");
  EXPECT_EQ(key.at("use"), "sig");
  EXPECT_TRUE(key.contains("kid"));
  EXPECT_FALSE(key.contains("d"));
}

// RFC 9110 section 13.1.2.
TEST_F(KeySet, IsNotSentAgainToWhoHasIt) {
  const std::string tag = field_of(get(), "ETag");
  for (const std::string& sent : {tag, "W/" + tag, "\"other\" , " + tag, std::string("*")}) {
    const auto response = get(sent);
    EXPECT_EQ(response.status, 304U) << sent;
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(field_of(response, "ETag"), tag);
    EXPECT_EQ(field_of(response, "Cache-Control"), "public, max-age=900");
  }
  for (const std::string& sent : {std::string("\"other\""), tag.substr(1), std::string(",")})
    EXPECT_EQ(get(sent).status, 200U) << sent;
}

} // namespace
} // namespace assay::endpoints
