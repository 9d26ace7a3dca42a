// The ordinary case of this layer's tests: the application `billing`, with one EC key, and an
// assertion by it that is good at kNow. Each test differs from it in one thing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/strict_json.h"
#include "oauth/assertion.h"
#include "oauth/assertion_policy.h"
#include "oauth/assertion_verifier.h"
#include "oauth/client_authentication.h"
#include "registry/application.h"
#include "registry/key_cache.h"
#include "support/assertions.h"
#include "support/keys.h"

namespace assay::oauth {

inline constexpr TimePoint kNow{std::chrono::seconds(1'800'000'000)};
inline constexpr const char* kService = "/api/oauth/token";
inline constexpr const char* kAudience = "http://apiserver/api/oauth/token";
inline constexpr const char* kIssuer = "http://apiserver";

inline registry::RegisteredKey registered_text(std::string text,
                                               std::optional<std::string> key_id = {}) {
  const crypto::Digest digest = crypto::sha256(text);
  return {.text = std::move(text), .digest = digest, .key_id = std::move(key_id), .not_after = {}};
}

// With the kid that the key has of its own.
inline registry::RegisteredKey registered(const jose::PrivateKey& key) {
  const jose::PublicKey& half = key.public_key();
  return registered_text(half.to_jwk(), half.key_id());
}

inline registry::Application billing() {
  registry::Application application;
  application.id = "billing";
  application.name = "Billing";
  application.keys = {registered(testing::ec_key())};
  application.scopes = {{"invoices.read", true}, {"invoices.write", false}};
  return application;
}

inline std::shared_ptr<const registry::Application> shared(registry::Application application) {
  return std::make_shared<const registry::Application>(std::move(application));
}

// Finds this application alone.
inline ApplicationLookup lookup_of(registry::Application application) {
  return [found = shared(std::move(application))](std::string_view id) {
    return id == found->id ? found : nullptr;
  };
}

inline json::value seconds_after_now(double seconds) {
  return static_cast<double>(unix_seconds(kNow)) + seconds;
}

inline json::object claims_by_billing() {
  return {{"iss", "billing"},
          {"sub", "billing"},
          {"aud", kAudience},
          {"iat", unix_seconds(kNow)},
          {"exp", unix_seconds(kNow) + 120},
          {"jti", "jti-1"}};
}

inline json::object claims_with(std::string_view member, json::value value) {
  json::object claims = claims_by_billing();
  claims[member] = std::move(value);
  return claims;
}

inline json::object claims_without(std::string_view member) {
  json::object claims = claims_by_billing();
  claims.erase(member);
  return claims;
}

// With EC P-256, as signing is quick with it.
inline std::string assertion_with(const json::object& claims, const json::object& header = {}) {
  return testing::signed_jwt(testing::ec_key(), claims, header);
}

inline std::string assertion_by_billing() { return assertion_with(claims_by_billing()); }

inline AssertionPolicy grant_policy() { return {.audiences = {kAudience}, .token_urls = {}}; }

inline AssertionPolicy client_policy() {
  return {.use = AssertionUse::client_authentication,
          .audiences = {kIssuer},
          .token_urls = {kAudience},
          .require_subject = true};
}

// Client authentication with all that it needs.
class Authentication {
public:
  explicit Authentication(registry::KeyCache& keys) : keys_(keys) {}

  ClientAuthenticator of(const ApplicationLookup& applications) {
    return ClientAuthenticator({.applications = applications,
                                .senders = SenderLookup(applications),
                                .verifier = AssertionVerifier(client_policy(), keys_),
                                .limits = {},
                                .chosen_secrets = secrets_,
                                .keys = keys_});
  }

private:
  registry::KeyCache& keys_;
  BlockingWorkers workers_{1, 8};
  ChosenSecrets secrets_{workers_, 3, crypto::secure_random};
};

template <class T> std::optional<Reason> reason_of(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().reason;
}

template <class T> std::string detail_of(const Result<T>& result) {
  return result ? std::string() : result.error().detail;
}

// What the endpoint's stages before the store make of an assertion, at one moment.
struct Judge {
  AssertionPolicy policy = grant_policy();
  registry::Application sender = billing();
  TimePoint now = kNow;

  Result<VerifiedAssertion> verify(const std::string& text) const {
    registry::KeyCache keys(100);
    const auto assertion = parse_assertion(text, {});
    if (!assertion) return std::unexpected(assertion.error());
    const auto known = assertion->issuer == sender.id ? shared(sender) : nullptr;
    return AssertionVerifier(policy, keys).verify(*assertion, known, now);
  }

  std::optional<Reason> reason(const std::string& text) const { return reason_of(verify(text)); }
  std::string detail(const std::string& text) const { return detail_of(verify(text)); }
};

} // namespace assay::oauth
