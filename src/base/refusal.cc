#include "base/refusal.h"

#include "base/assert.h"

namespace assay {

namespace {

struct Names {
  std::string_view reason;
  std::string_view gate;
};

// No `default:`, so that the compiler lists a Reason that has no names yet.
Names names_of(Reason reason) { // NOLINT(readability-function-size): it is a table.
  switch (reason) {
  case Reason::body_too_large: return {"body_too_large", "request"};
  case Reason::content_type_unsupported: return {"content_type_unsupported", "request"};
  case Reason::form_malformed: return {"form_malformed", "request"};
  case Reason::parameter_repeated: return {"parameter_repeated", "request"};
  case Reason::parameter_missing: return {"parameter_missing", "request"};
  case Reason::parameter_malformed: return {"parameter_malformed", "request"};
  case Reason::format_unknown: return {"format_unknown", "request"};
  case Reason::grant_type_unsupported: return {"grant_type_unsupported", "grant_type"};
  case Reason::authorization_malformed: return {"authorization_malformed", "client"};
  case Reason::client_authentication_missing: return {"client_authentication_missing", "client"};
  case Reason::client_authentication_repeated: return {"client_authentication_repeated", "client"};
  case Reason::client_unknown: return {"client_unknown", "client"};
  case Reason::client_disabled: return {"client_disabled", "client"};
  case Reason::client_method_not_allowed: return {"client_method_not_allowed", "client"};
  case Reason::client_throttled: return {"client_throttled", "client"};
  case Reason::client_secret_wrong: return {"client_secret_wrong", "client"};
  case Reason::client_secret_expired: return {"client_secret_expired", "client"};
  case Reason::client_assertion_type_unsupported:
    return {"client_assertion_type_unsupported", "client"};
  case Reason::client_assertion_refused: return {"client_assertion_refused", "client"};
  case Reason::client_mismatch: return {"client_mismatch", "client"};
  case Reason::client_certificate_malformed: return {"client_certificate_malformed", "client"};
  case Reason::client_certificate_untrusted: return {"client_certificate_untrusted", "client"};
  case Reason::client_certificate_unregistered:
    return {"client_certificate_unregistered", "client"};
  case Reason::introspection_not_allowed: return {"introspection_not_allowed", "client"};
  case Reason::token_missing: return {"token_missing", "token"};
  case Reason::token_repeated: return {"token_repeated", "token"};
  case Reason::token_malformed: return {"token_malformed", "token"};
  case Reason::token_unknown: return {"token_unknown", "token"};
  case Reason::token_rotated: return {"token_rotated", "token"};
  case Reason::token_revoked: return {"token_revoked", "token"};
  case Reason::token_owner_gone: return {"token_owner_gone", "token"};
  case Reason::token_subject_gone: return {"token_subject_gone", "token"};
  case Reason::token_foreign: return {"token_foreign", "token"};
  case Reason::token_unstored: return {"token_unstored", "token"};
  case Reason::token_not_served: return {"token_not_served", "token"};
  case Reason::token_audience_mismatch: return {"token_audience_mismatch", "token"};
  case Reason::scope_insufficient: return {"scope_insufficient", "token"};
  case Reason::token_scheme_mismatch: return {"token_scheme_mismatch", "token"};
  case Reason::token_certificate_mismatch: return {"token_certificate_mismatch", "token"};
  case Reason::dpop_missing: return {"dpop_missing", "dpop"};
  case Reason::dpop_repeated: return {"dpop_repeated", "dpop"};
  case Reason::dpop_malformed: return {"dpop_malformed", "dpop"};
  case Reason::dpop_algorithm_unsupported: return {"dpop_algorithm_unsupported", "dpop"};
  case Reason::dpop_key_unsuitable: return {"dpop_key_unsuitable", "dpop"};
  case Reason::dpop_signature_invalid: return {"dpop_signature_invalid", "dpop"};
  case Reason::dpop_method_mismatch: return {"dpop_method_mismatch", "dpop"};
  case Reason::dpop_url_mismatch: return {"dpop_url_mismatch", "dpop"};
  case Reason::dpop_stale: return {"dpop_stale", "dpop"};
  case Reason::dpop_nonce_missing: return {"dpop_nonce_missing", "dpop"};
  case Reason::dpop_nonce_stale: return {"dpop_nonce_stale", "dpop"};
  case Reason::dpop_token_mismatch: return {"dpop_token_mismatch", "dpop"};
  case Reason::dpop_key_mismatch: return {"dpop_key_mismatch", "dpop"};
  case Reason::dpop_replayed: return {"dpop_replayed", "dpop"};
  case Reason::refresh_token_unknown: return {"refresh_token_unknown", "refresh_token"};
  case Reason::refresh_token_foreign: return {"refresh_token_foreign", "refresh_token"};
  case Reason::refresh_token_reused: return {"refresh_token_reused", "refresh_token"};
  case Reason::assertion_too_large: return {"assertion_too_large", "form"};
  case Reason::assertion_malformed: return {"assertion_malformed", "form"};
  case Reason::header_malformed: return {"header_malformed", "form"};
  case Reason::critical_header_unsupported: return {"critical_header_unsupported", "form"};
  case Reason::algorithm_unsupported: return {"algorithm_unsupported", "form"};
  case Reason::claims_malformed: return {"claims_malformed", "form"};
  case Reason::issuer_missing: return {"issuer_missing", "issuer"};
  case Reason::issuer_unknown: return {"issuer_unknown", "issuer"};
  case Reason::application_disabled: return {"application_disabled", "application"};
  case Reason::key_unknown: return {"key_unknown", "key"};
  case Reason::key_disabled: return {"key_disabled", "key"};
  case Reason::key_expired: return {"key_expired", "key"};
  case Reason::key_unsuitable: return {"key_unsuitable", "key"};
  case Reason::algorithm_not_allowed: return {"algorithm_not_allowed", "algorithm"};
  case Reason::signature_invalid: return {"signature_invalid", "signature"};
  case Reason::type_unexpected: return {"type_unexpected", "type"};
  case Reason::audience_missing: return {"audience_missing", "audience"};
  case Reason::audience_mismatch: return {"audience_mismatch", "audience"};
  case Reason::expiry_missing: return {"expiry_missing", "expiry"};
  case Reason::expired: return {"expired", "expiry"};
  case Reason::life_too_long: return {"life_too_long", "life"};
  case Reason::not_yet_valid: return {"not_yet_valid", "not_before"};
  case Reason::issued_in_future: return {"issued_in_future", "issued_at"};
  case Reason::subject_missing: return {"subject_missing", "subject"};
  case Reason::subject_not_allowed: return {"subject_not_allowed", "subject"};
  case Reason::jti_missing: return {"jti_missing", "jti"};
  case Reason::grant_not_allowed: return {"grant_not_allowed", "grant"};
  case Reason::scope_malformed: return {"scope_malformed", "scope"};
  case Reason::scope_exceeds_assertion: return {"scope_exceeds_assertion", "scope"};
  case Reason::scope_exceeds_grant: return {"scope_exceeds_grant", "scope"};
  case Reason::scope_not_allowed: return {"scope_not_allowed", "scope"};
  case Reason::resource_malformed: return {"resource_malformed", "resource"};
  case Reason::resource_not_allowed: return {"resource_not_allowed", "resource"};
  case Reason::binding_missing: return {"binding_missing", "binding"};
  case Reason::registration_token_missing: return {"registration_token_missing", "registration"};
  case Reason::registration_token_unknown: return {"registration_token_unknown", "registration"};
  case Reason::registration_token_expired: return {"registration_token_expired", "registration"};
  case Reason::registration_token_used_up: return {"registration_token_used_up", "registration"};
  case Reason::registration_token_foreign: return {"registration_token_foreign", "registration"};
  case Reason::registration_client_unknown: return {"registration_client_unknown", "registration"};
  case Reason::registration_client_disabled:
    return {"registration_client_disabled", "registration"};
  case Reason::registration_body_malformed: return {"registration_body_malformed", "registration"};
  case Reason::client_metadata_invalid: return {"client_metadata_invalid", "metadata"};
  case Reason::redirect_uri_unsupported: return {"redirect_uri_unsupported", "metadata"};
  case Reason::software_statement_unapproved: return {"software_statement_unapproved", "metadata"};
  case Reason::assertion_replayed: return {"assertion_replayed", "replay"};
  }
  ASSAY_ASSERT(false, "a Reason");
}

} // namespace

std::string_view name(Reason reason) { return names_of(reason).reason; }

std::string_view gate(Reason reason) { return names_of(reason).gate; }

} // namespace assay
