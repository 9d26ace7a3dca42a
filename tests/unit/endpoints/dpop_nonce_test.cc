#include "endpoints/dpop_nonce.h"

#include <gtest/gtest.h>

#include "support/token_workshop.h"
#include "unit/endpoints/office.h"

namespace assay::endpoints {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};

http::Request with_proof() {
  http::Request request;
  request.fields.push_back({"DPoP", "proof"});
  return request;
}

// RFC 9449 section 8.2: the next proof has it, and need not be refused first.
TEST(DpopNonce, ComesWithEveryAnswerToAProofWhereOneIsDemanded) {
  testing::TokenWorkshop workshop;
  workshop.policy.require_nonce = true;
  http::Response response;
  add_nonce(response, with_proof(), workshop.proofs(), kNow);
  EXPECT_EQ(field_of(response, "DPoP-Nonce"), workshop.proofs().nonce(kNow));
}

TEST(DpopNonce, IsLeftOutWhereNobodyNeedsIt) {
  testing::TokenWorkshop workshop;
  http::Response response;
  add_nonce(response, with_proof(), workshop.proofs(), kNow);
  workshop.policy.require_nonce = true;
  add_nonce(response, http::Request(), workshop.proofs(), kNow);
  EXPECT_TRUE(response.fields.empty());
}

} // namespace
} // namespace assay::endpoints
