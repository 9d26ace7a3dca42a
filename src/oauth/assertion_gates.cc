#include "oauth/assertion_gates.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/assert.h"
#include "jose/media_type.h"
#include "oauth/quotation.h"

namespace assay::oauth {

using Verdict = std::optional<Reason>;

AssertionCase::AssertionCase(const UnverifiedAssertion& assertion,
                             const registry::Application* sender, const AssertionPolicy& policy,
                             registry::KeyCache& keys, TimePoint now)
    : assertion_(assertion), sender_(sender), policy_(policy), keys_(keys), now_(now),
      choice_(sender ? choose_keys(assertion.jws.header, *sender, keys, now)
                     : KeyChoice{{}, Reason::key_unknown}) {}

std::string AssertionCase::described_keys() const {
  return sender_ ? describe_keys(assertion_.jws.header, *sender_, keys_, now_) : "none";
}

std::chrono::seconds AssertionCase::longest_life() const {
  return sender_ && sender_->longest_assertion_life ? *sender_->longest_assertion_life
                                                    : policy_.longest_life;
}

bool AssertionCase::requires_jti() const {
  return policy_.require_jti || (sender_ && sender_->require_jti);
}

const Candidate* AssertionCase::proof() const {
  if (proof_sought_) return proof_;
  proof_sought_ = true;
  const jose::CompactJws& jws = assertion_.jws;
  for (const Candidate& candidate : choice_.candidates)
    if (candidate.key.verify(jws.header.algorithm, jws.signing_input, jws.signature)) {
      proof_ = &candidate;
      break;
    }
  return proof_;
}

namespace {

std::string quote_claim(const std::optional<std::string>& text) {
  return text ? quote(*text) : "none";
}

std::string quote_all(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    if (all.size() > kQuoteBytesMax) break;
    all += (all.empty() ? "" : " ") + text;
  }
  return quote(all);
}

std::string quote_claim(const std::optional<TimePoint>& time) {
  return time ? rfc3339(*time) : "none";
}

std::string_view own_type(AssertionUse use) {
  switch (use) {
  case AssertionUse::authorization_grant: return "authorization-grant+jwt";
  case AssertionUse::client_authentication: return "client-authentication+jwt";
  }
  ASSAY_ASSERT(false, "an AssertionUse");
}

// An access token, a DPoP proof or a client assertion is a signed JWT too. A type, where there is
// one, must be ours (RFC 8725 section 3.11).
Verdict type_refusal(const AssertionCase& given) {
  const auto& type = given.assertion().jws.header.type;
  if (!type || jose::same_media_type(*type, "jwt") ||
      jose::same_media_type(*type, own_type(given.policy().use)))
    return std::nullopt;
  return Reason::type_unexpected;
}
Finding type_finding(const AssertionCase& given) {
  return {fmt::format("no typ, JWT or {}", own_type(given.policy().use)),
          quote_claim(given.assertion().jws.header.type)};
}

// The answer looks like that to a bad signature (see public_face), but comes sooner, as there is no
// key to check with: who measures closely can tell the two apart. A made-up check would not hide
// it, as no two types of key take the same time, and would double what a stranger can cost us.
Verdict issuer_refusal(const AssertionCase& given) {
  return given.sender() ? std::nullopt : Verdict(Reason::issuer_unknown);
}
Finding issuer_finding(const AssertionCase& given) {
  return {"iss is the client_id of a registered application", quote(given.assertion().issuer)};
}

Verdict application_refusal(const AssertionCase& given) {
  return given.sender()->enabled ? std::nullopt : Verdict(Reason::application_disabled);
}
Finding application_finding(const AssertionCase& given) {
  return {"enabled", given.sender()->enabled ? "enabled" : "disabled"};
}

Verdict key_refusal(const AssertionCase& given) {
  const auto& none_because = given.keys().none_because;
  return none_because == Reason::algorithm_not_allowed ? std::nullopt : none_because;
}
Finding key_finding(const AssertionCase& given) {
  const auto& header = given.assertion().jws.header;
  return {fmt::format("a live key for {}{}", name(header.algorithm),
                      header.key_id ? fmt::format(" with kid {}", quote(*header.key_id)) : ""),
          quote(given.described_keys())};
}

Verdict algorithm_refusal(const AssertionCase& given) {
  const auto& none_because = given.keys().none_because;
  return none_because == Reason::algorithm_not_allowed ? none_because : std::nullopt;
}
Finding algorithm_finding(const AssertionCase& given) {
  std::vector<std::string> allowed;
  for (const jose::Algorithm algorithm : given.sender()->algorithms)
    allowed.emplace_back(name(algorithm));
  return {allowed.empty() ? "what the key accepts" : fmt::format("{}", fmt::join(allowed, " ")),
          std::string(name(given.assertion().jws.header.algorithm))};
}

Verdict signature_refusal(const AssertionCase& given) {
  return given.proof() ? std::nullopt : Verdict(Reason::signature_invalid);
}
Finding signature_finding(const AssertionCase& given) {
  const Candidate* proof = given.proof();
  return {"made by one of the application's keys",
          proof ? fmt::format("made by {}", quote(proof->id()))
                : fmt::format("made by none of {}", given.keys().candidates.size())};
}

// The token endpoint as the sole audience, by an application that may name it for a while yet.
bool is_excepted(const AssertionCase& given) {
  const auto* sender = given.sender();
  const auto& urls = given.policy().token_urls;
  return sender && sender->token_url_audience_until &&
         given.now() < *sender->token_url_audience_until &&
         std::ranges::find(urls, given.claims().audiences->front()) != urls.end();
}

Verdict audience_refusal(const AssertionCase& given) {
  const auto& sent = given.claims().audiences;
  if (!sent || sent->empty()) return Reason::audience_missing;
  const auto ours = [&](const std::string& audience) {
    return std::ranges::find(given.policy().audiences, audience) != given.policy().audiences.end();
  };
  const bool passes = given.policy().use == AssertionUse::client_authentication
                          ? sent->size() == 1 && (ours(sent->front()) || is_excepted(given))
                          : std::ranges::any_of(*sent, ours);
  return passes ? std::nullopt : Verdict(Reason::audience_mismatch);
}
Finding audience_finding(const AssertionCase& given) {
  const bool sole = given.policy().use == AssertionUse::client_authentication;
  return {
      fmt::format("aud {} {}", sole ? "is only" : "contains", quote_all(given.policy().audiences)),
      given.claims().audiences ? quote_all(*given.claims().audiences) : "none"};
}

Verdict expiry_refusal(const AssertionCase& given) {
  const auto& expires_at = given.claims().expires_at;
  if (!expires_at) return Reason::expiry_missing;
  return given.now() < *expires_at + given.policy().clock_skew ? std::nullopt
                                                               : Verdict(Reason::expired);
}
Finding expiry_finding(const AssertionCase& given) {
  return {fmt::format("exp after {} ({} s of clock skew)",
                      rfc3339(given.now() - given.policy().clock_skew),
                      given.policy().clock_skew.count()),
          quote_claim(given.claims().expires_at)};
}

Verdict life_refusal(const AssertionCase& given) {
  const auto& expires_at = given.claims().expires_at;
  if (!expires_at) return std::nullopt;
  return *expires_at > given.now() + given.longest_life() + given.policy().clock_skew
             ? Verdict(Reason::life_too_long)
             : std::nullopt;
}
// Both figures: clients whose library signs for an hour look here first.
Finding life_finding(const AssertionCase& given) {
  using std::chrono::seconds;
  const auto& expires_at = given.claims().expires_at;
  const auto ahead = [&] {
    return std::max(std::chrono::ceil<seconds>(*expires_at - given.now()), seconds(0));
  };
  return {fmt::format("exp at most {} s ahead (and {} s of clock skew)",
                      given.longest_life().count(), given.policy().clock_skew.count()),
          expires_at ? fmt::format("{} s ahead", ahead().count()) : "none"};
}

Verdict not_before_refusal(const AssertionCase& given) {
  const auto& not_before = given.claims().not_before;
  return not_before && *not_before > given.now() + given.policy().clock_skew
             ? Verdict(Reason::not_yet_valid)
             : std::nullopt;
}
Finding not_before_finding(const AssertionCase& given) {
  return {fmt::format("nbf not after {}", rfc3339(given.now() + given.policy().clock_skew)),
          quote_claim(given.claims().not_before)};
}

Verdict issued_at_refusal(const AssertionCase& given) {
  const auto& issued_at = given.claims().issued_at;
  return issued_at && *issued_at > given.now() + given.policy().clock_skew
             ? Verdict(Reason::issued_in_future)
             : std::nullopt;
}
Finding issued_at_finding(const AssertionCase& given) {
  return {fmt::format("iat not after {}", rfc3339(given.now() + given.policy().clock_skew)),
          quote_claim(given.claims().issued_at)};
}

Verdict subject_refusal(const AssertionCase& given) {
  const auto& subject = given.claims().subject;
  if (!subject)
    return given.policy().require_subject ? Verdict(Reason::subject_missing) : std::nullopt;
  // RFC 7523 section 3: for client authentication the subject is the client itself.
  const bool allowed = given.policy().use == AssertionUse::client_authentication
                           ? *subject == given.sender()->id
                           : given.sender()->may_speak_for(*subject);
  return allowed ? std::nullopt : Verdict(Reason::subject_not_allowed);
}
Finding subject_finding(const AssertionCase& given) {
  const auto& sender = *given.sender();
  const bool others = given.policy().use == AssertionUse::authorization_grant;
  return {others && !sender.subjects.empty()
              ? fmt::format("{} or a registered subject: {}", sender.id, quote_all(sender.subjects))
              : sender.id,
          quote_claim(given.claims().subject)};
}

Verdict jti_refusal(const AssertionCase& given) {
  return given.requires_jti() && !given.claims().id ? Verdict(Reason::jti_missing) : std::nullopt;
}
Finding jti_finding(const AssertionCase& given) {
  return {given.requires_jti() ? "a jti" : "a jti or none", quote_claim(given.claims().id)};
}

Verdict grant_refusal(const AssertionCase& given) {
  if (given.policy().use == AssertionUse::client_authentication) return std::nullopt;
  return given.sender()->may_use(registry::GrantType::jwt_bearer)
             ? std::nullopt
             : Verdict(Reason::grant_not_allowed);
}
Finding grant_finding(const AssertionCase& given) {
  std::vector<std::string_view> grants;
  for (const registry::GrantType grant : given.sender()->grants)
    grants.push_back(name(grant));
  return {"jwt-bearer", grants.empty() ? "none" : fmt::format("{}", fmt::join(grants, " "))};
}

constexpr std::array kGates{
    Gate{"issuer", Need::nothing, issuer_refusal, issuer_finding},
    Gate{"application", Need::sender, application_refusal, application_finding},
    Gate{"key", Need::sender, key_refusal, key_finding},
    Gate{"algorithm", Need::live_key, algorithm_refusal, algorithm_finding},
    Gate{"signature", Need::candidate, signature_refusal, signature_finding},
    Gate{"type", Need::nothing, type_refusal, type_finding},
    Gate{"audience", Need::nothing, audience_refusal, audience_finding},
    Gate{"expiry", Need::nothing, expiry_refusal, expiry_finding},
    Gate{"life", Need::nothing, life_refusal, life_finding},
    Gate{"not_before", Need::nothing, not_before_refusal, not_before_finding},
    Gate{"issued_at", Need::nothing, issued_at_refusal, issued_at_finding},
    Gate{"subject", Need::sender, subject_refusal, subject_finding},
    Gate{"jti", Need::nothing, jti_refusal, jti_finding},
    Gate{"grant", Need::sender, grant_refusal, grant_finding},
};

} // namespace

std::span<const Gate> assertion_gates() { return kGates; }

} // namespace assay::oauth
