// Why a request was refused. One Reason per check, for every check that there is: the same enum
// feeds the audit log, the metrics and `assay explain`; oauth/public_face says what a client sees.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace assay {

enum class Reason {
  // The request as such (gates "request" and "grant_type").
  body_too_large,
  content_type_unsupported,
  form_malformed,
  parameter_repeated,
  parameter_missing,
  parameter_malformed,
  format_unknown,
  grant_type_unsupported,
  // Who calls (gate "client").
  authorization_malformed,
  client_authentication_missing,
  client_authentication_repeated,
  client_unknown,
  client_disabled,
  client_method_not_allowed,
  client_throttled,
  client_secret_wrong,
  client_secret_expired,
  client_assertion_type_unsupported,
  client_assertion_refused, // the detail names the check that refused it
  client_mismatch,
  client_certificate_malformed, // as a proxy passed it on
  client_certificate_untrusted, // not signed by a CA that is known here, or not within its time
  client_certificate_unregistered,
  introspection_not_allowed,
  // The token that is asked about, revoked or used (gate "token").
  token_missing,
  token_repeated,
  token_malformed,
  token_unknown, // or expired, or revoked by itself
  token_rotated, // a refresh token that was exchanged for another
  token_revoked, // together with all of its application or subject
  token_owner_gone,
  token_subject_gone,
  token_foreign,
  token_unstored,   // to be revoked, but there is nothing to revoke it in
  token_not_served, // not the caller's to see
  token_audience_mismatch,
  scope_insufficient,
  token_scheme_mismatch,      // a bound token sent as a bearer token, or the other way round
  token_certificate_mismatch, // bound to another certificate than the connection's
  // The proof that a key is the sender's, in the order of its checks (gate "dpop"; RFC 9449).
  dpop_missing,
  dpop_repeated,
  dpop_malformed,
  dpop_algorithm_unsupported,
  dpop_key_unsuitable,
  dpop_signature_invalid,
  dpop_method_mismatch,
  dpop_url_mismatch,
  dpop_stale, // its `iat` lies too far back, or ahead
  dpop_nonce_missing,
  dpop_nonce_stale,    // or never ours
  dpop_token_mismatch, // its `ath` is of another token
  dpop_key_mismatch,   // the token is bound to another key
  dpop_replayed,
  // The refresh token (gate "refresh_token").
  refresh_token_unknown, // or expired, or revoked
  refresh_token_foreign,
  refresh_token_reused,
  // The assertion, in the order of its gates.
  assertion_too_large,
  assertion_malformed,
  header_malformed,
  critical_header_unsupported,
  algorithm_unsupported,
  claims_malformed,
  issuer_missing,
  issuer_unknown,
  application_disabled,
  key_unknown,
  key_disabled,
  key_expired,
  key_unsuitable,
  algorithm_not_allowed,
  signature_invalid,
  type_unexpected,
  audience_missing,
  audience_mismatch,
  expiry_missing,
  expired,
  life_too_long,
  not_yet_valid,
  issued_in_future,
  subject_missing,
  subject_not_allowed,
  jti_missing,
  // What is asked for.
  grant_not_allowed,
  scope_malformed,
  scope_exceeds_assertion,
  scope_exceeds_grant,
  scope_not_allowed,
  resource_malformed,
  resource_not_allowed,
  binding_missing, // the token would have to be bound to a key, and none was shown
  // Registration over HTTP, in the order of its checks (gate "registration"; RFC 7591, RFC 7592).
  registration_token_missing,
  registration_token_unknown, // or revoked
  registration_token_expired,
  registration_token_used_up,
  registration_token_foreign, // of another application, or of none
  registration_client_unknown,
  registration_client_disabled,
  registration_body_malformed,
  client_metadata_invalid,
  redirect_uri_unsupported,
  software_statement_unapproved,
  // The commit.
  assertion_replayed,
};

// How many there are: for tables with a slot a Reason.
inline constexpr std::size_t kReasonCount =
    static_cast<std::size_t>(Reason::assertion_replayed) + 1;

// The enumerator's own spelling, as it stands in logs, metrics and the documentation.
std::string_view name(Reason reason);

// The gate that refuses for this reason: several reasons can share one. These names are the ones
// that `assay explain` lists and that the audit line has in `gate`.
std::string_view gate(Reason reason);

// The client's fault. `detail` is for the audit log: it may quote the request, but never a
// token, a key, an assertion, a secret or an Authorization header.
struct Refusal {
  Reason reason;
  std::string detail;
};

inline std::unexpected<Refusal> refuse(Reason reason, std::string detail = {}) {
  return std::unexpected(Refusal{reason, std::move(detail)});
}

} // namespace assay
