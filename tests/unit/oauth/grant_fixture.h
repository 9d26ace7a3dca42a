// A JWT bearer grant on a token store in memory, for the application `billing`.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "oauth/grants/jwt_bearer.h"
#include "stores/memory/memory_token_store.h"
#include "support/tasks.h"
#include "support/token_workshop.h"
#include "unit/oauth/billing.h"

namespace assay::oauth {

using Sent = std::vector<std::pair<std::string, std::string>>;

class GrantFixture : public ::testing::Test {
protected:
  Result<MintedToken> present(const std::string& assertion, const Sent& more = {},
                              std::optional<std::string_view> authorization = {}) {
    Sent sent{{"grant_type", std::string(kJwtBearerGrantType)}, {"assertion", assertion}};
    sent.insert(sent.end(), more.begin(), more.end());
    return ask(std::move(sent), authorization);
  }

  Result<MintedToken> ask(Sent sent, std::optional<std::string_view> authorization = {}) {
    auto request =
        read_token_request(authorization, keys_shown_, *Parameters::make(std::move(sent)));
    if (!request) return std::unexpected(request.error());
    trace_ = {};
    return testing::result_of(grant().grant(std::move(*request), trace_));
  }

  // Nothing was stored, and no jti was claimed.
  bool store_is_untouched() {
    const TokenCount count = tokens_.count({}, kNow, {});
    return count.access == 0 && count.refresh == 0 &&
           !testing::result_of(
               tokens_.seen(replay_claim(kService, "billing", "jti-1", kNow), kNow));
  }

  registry::Application application_ = billing();
  bool is_registered_ = true;
  AssertionPolicy policy_ = grant_policy();
  ScopePolicy scopes_;
  TokenServiceSettings settings_;
  TimePoint now_ = kNow;
  stores::MemoryTokenStore tokens_;
  TokenStore* store_ = &tokens_;
  registry::KeyCache keys_{100};
  GrantTrace trace_;
  PresentedKeys keys_shown_;
  testing::TokenWorkshop workshop_;

private:
  ApplicationLookup applications() {
    return is_registered_ ? lookup_of(application_) : [](std::string_view) { return nullptr; };
  }

  JwtBearerGrant& grant() {
    return grant_.emplace(
        JwtBearerGrant::Parts{.service = kService,
                              .clock = [this] { return now_; },
                              .senders = SenderLookup(applications()),
                              .limits = {},
                              .verifier = AssertionVerifier(policy_, keys_),
                              .clients = authentication_.of(applications()),
                              .scopes = scopes_,
                              .audiences = {kIssuer, {}},
                              .binding = workshop_.binding(),
                              .issuance = workshop_.issuance(settings_, *store_)});
  }

  Authentication authentication_{keys_};
  std::optional<JwtBearerGrant> grant_;
};

} // namespace assay::oauth
