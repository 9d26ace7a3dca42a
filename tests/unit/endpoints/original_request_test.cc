#include "endpoints/original_request.h"

#include <gtest/gtest.h>

#include "unit/oauth/billing.h"

namespace assay::endpoints {
namespace {

using oauth::reason_of;

http::Request forwarded() {
  http::Request request;
  request.fields = {{"X-Forwarded-Method", "GET"},
                    {"X-Forwarded-Proto", "https"},
                    {"X-Forwarded-Host", "api.example"},
                    {"X-Forwarded-Uri", "/invoices?page=2"}};
  return request;
}

TEST(OriginalRequest, IsToldByTheGateway) {
  const auto target = read_original_request(forwarded());
  ASSERT_TRUE(target);
  EXPECT_EQ(target->method, "GET");
  EXPECT_EQ(target->url, "https://api.example/invoices?page=2");
  EXPECT_FALSE(target->access_token);
}

// One that is missing or there twice is one that the gateway does not set: the client could.
TEST(OriginalRequest, IsRefusedUnlessAllOfItIsToldOnce) {
  for (std::size_t index = 0; index < 4; ++index) {
    http::Request request = forwarded();
    request.fields.push_back(request.fields[index]);
    EXPECT_EQ(reason_of(read_original_request(request)), Reason::dpop_url_mismatch);
    request.fields.pop_back();
    request.fields.erase(request.fields.begin() + static_cast<std::ptrdiff_t>(index));
    EXPECT_EQ(reason_of(read_original_request(request)), Reason::dpop_url_mismatch);
  }
}

TEST(OriginalRequest, IsRefusedIfItIsNoUrl) {
  for (const auto& [index, value] : {std::pair<std::size_t, const char*>{1, "javascript"},
                                     {2, ""},
                                     {2, "a b"},
                                     {3, "invoices"},
                                     {3, ".evil.example/"},
                                     {3, ""}}) {
    http::Request request = forwarded();
    request.fields[index].value = value;
    EXPECT_EQ(reason_of(read_original_request(request)), Reason::dpop_url_mismatch) << value;
  }
}

} // namespace
} // namespace assay::endpoints
