#include "oauth/public_face.h"

#include "base/assert.h"

namespace assay::oauth {

// No `default:`, so that the compiler lists a Reason that nobody has decided on.
PublicFace public_face(Reason reason) { // NOLINT(readability-function-size): it is a table.
  switch (reason) {
  case Reason::body_too_large: return {413, "invalid_request", "The request is too large."};
  case Reason::content_type_unsupported:
    return {400, "invalid_request", "Send the parameters as application/x-www-form-urlencoded."};
  case Reason::authorization_malformed:
    return {401, "invalid_client", "The Authorization header is not one that is accepted here."};
  case Reason::form_malformed: return {400, "invalid_request", "The form is malformed."};
  case Reason::parameter_repeated:
    return {400, "invalid_request", "A parameter was sent more than once."};
  case Reason::parameter_missing:
    return {400, "invalid_request", "A required parameter is missing."};
  case Reason::parameter_malformed:
    return {400, "invalid_request", "A parameter has a value that is not allowed."};
  case Reason::format_unknown:
    return {400, "invalid_request", "The format is json, urlencoded or xml."};
  case Reason::grant_type_unsupported:
    return {400, "unsupported_grant_type", "This grant type is not supported here."};

  // Which half of the credentials is wrong would tell strangers which applications exist.
  case Reason::client_authentication_missing:
    return {401, "invalid_client", "Client authentication is required."};
  case Reason::client_authentication_repeated:
    return {400, "invalid_request", "Use one method of client authentication."};
  case Reason::client_unknown:
  case Reason::client_disabled:
  case Reason::client_method_not_allowed:
  case Reason::client_secret_wrong:
  case Reason::client_secret_expired:
  case Reason::client_assertion_type_unsupported:
  case Reason::client_assertion_refused:
  case Reason::client_certificate_untrusted:
  case Reason::client_certificate_unregistered:
  case Reason::client_mismatch: return {401, "invalid_client", "Client authentication failed."};
  case Reason::client_certificate_malformed:
    return {400, "invalid_request", "The client certificate cannot be read."};
  case Reason::client_throttled:
    return {429, "invalid_client", "Too many attempts. Try again later."};
  // RFC 7662 section 2.3 has 401 for a caller whose credentials do not suffice, too; RFC 6749 keeps
  // unauthorized_client for grant types.
  case Reason::introspection_not_allowed:
    return {401, "invalid_client", "This application may not ask about tokens."};

  case Reason::token_missing: return {400, "invalid_token", "A token is required."};
  case Reason::token_repeated: return {400, "invalid_request", "Send one token."};
  case Reason::token_malformed: return {400, "invalid_request", "The token is malformed."};
  case Reason::token_unknown:
  case Reason::token_rotated:
  case Reason::token_revoked:
  case Reason::token_owner_gone:
  case Reason::token_subject_gone:
  case Reason::token_not_served:
  case Reason::token_audience_mismatch: return {400, "invalid_token", "The token is not live."};
  // RFC 9449 section 7.1, RFC 8705 section 3. Its holder may know what it is bound to.
  case Reason::token_scheme_mismatch:
    return {400, "invalid_token", "The token was sent under another scheme than its own."};
  case Reason::token_certificate_mismatch:
    return {400, "invalid_token", "The token is bound to another client certificate."};
  case Reason::scope_insufficient:
    return {403, "insufficient_scope", "The token does not have the scope that is needed."};
  // RFC 6749 section 5.2: what "was issued to another client" is an invalid grant.
  case Reason::token_foreign:
    return {400, "invalid_grant", "The token was issued to another client."};
  // RFC 7009 section 2.2.1.
  case Reason::token_unstored:
    return {400, "unsupported_token_type", "This token cannot be revoked by itself."};

  // RFC 9449 section 5: one code for whatever is wrong with a proof, but for the nonce.
  case Reason::dpop_missing: return {400, "invalid_dpop_proof", "A DPoP proof is required."};
  case Reason::dpop_repeated: return {400, "invalid_dpop_proof", "Send one DPoP proof."};
  case Reason::dpop_malformed:
    return {400, "invalid_dpop_proof", "The DPoP proof is not a well-formed signed JWT."};
  case Reason::dpop_algorithm_unsupported:
    return {400, "invalid_dpop_proof", "The DPoP proof's algorithm is not supported."};
  case Reason::dpop_key_unsuitable:
    return {400, "invalid_dpop_proof", "The DPoP proof's key is not one for its algorithm."};
  case Reason::dpop_signature_invalid:
    return {400, "invalid_dpop_proof", "The DPoP proof's signature is not valid."};
  case Reason::dpop_method_mismatch:
    return {400, "invalid_dpop_proof", "The DPoP proof is for another method."};
  case Reason::dpop_url_mismatch:
    return {400, "invalid_dpop_proof", "The DPoP proof is for another URL."};
  case Reason::dpop_stale:
    return {400, "invalid_dpop_proof", "The DPoP proof is too old, or from the future."};
  case Reason::dpop_nonce_missing:
  case Reason::dpop_nonce_stale:
    return {400, "use_dpop_nonce", "The DPoP proof needs the nonce of this answer."};
  case Reason::dpop_token_mismatch:
    return {400, "invalid_dpop_proof", "The DPoP proof is for another access token."};
  case Reason::dpop_key_mismatch:
    return {400, "invalid_token", "The token is bound to another key."};
  case Reason::dpop_replayed:
    return {400, "invalid_dpop_proof", "The DPoP proof has been used before."};
  case Reason::binding_missing:
    return {400, "invalid_request", "Tokens are bound to a key here, and none was shown."};

  // To whom it was issued, and what became of it, is nobody else's business.
  case Reason::refresh_token_unknown:
  case Reason::refresh_token_foreign:
  case Reason::refresh_token_reused:
    return {400, "invalid_grant", "The refresh token is not valid."};

  case Reason::assertion_too_large:
  case Reason::assertion_malformed:
  case Reason::header_malformed:
  case Reason::critical_header_unsupported:
  case Reason::claims_malformed:
    return {400, "invalid_grant", "The assertion is not a well-formed signed JWT."};
  case Reason::type_unexpected:
    return {400, "invalid_grant", "The assertion's type is not one for this use."};
  case Reason::algorithm_unsupported:
    return {400, "invalid_grant", "The assertion's algorithm is not supported."};

  // An unknown issuer, a disabled application and a bad signature look the same from
  // outside, or the token endpoint would tell strangers which applications exist.
  case Reason::issuer_unknown:
  case Reason::application_disabled:
  case Reason::key_unknown:
  case Reason::key_disabled:
  case Reason::key_expired:
  case Reason::key_unsuitable:
  case Reason::algorithm_not_allowed:
  case Reason::signature_invalid:
    return {400, "invalid_grant", "The assertion could not be verified."};

  case Reason::issuer_missing: return {400, "invalid_grant", "The assertion has no issuer."};
  case Reason::audience_missing: return {400, "invalid_grant", "The assertion has no audience."};
  case Reason::audience_mismatch:
    return {400, "invalid_grant", "The assertion is not meant for this server."};
  case Reason::expiry_missing: return {400, "invalid_grant", "The assertion has no expiry."};
  case Reason::expired: return {400, "invalid_grant", "The assertion has expired."};
  case Reason::life_too_long:
    return {400, "invalid_grant", "The assertion expires too far in the future."};
  case Reason::not_yet_valid: return {400, "invalid_grant", "The assertion is not valid yet."};
  case Reason::issued_in_future:
    return {400, "invalid_grant", "The assertion was issued in the future."};
  case Reason::subject_missing: return {400, "invalid_grant", "The assertion has no subject."};
  case Reason::subject_not_allowed:
    return {400, "invalid_grant", "The assertion's subject is not allowed."};
  case Reason::jti_missing: return {400, "invalid_grant", "The assertion has no jti."};
  case Reason::assertion_replayed:
    return {400, "invalid_grant", "The assertion has been used before."};

  case Reason::grant_not_allowed:
    return {400, "unauthorized_client", "The application may not use this grant type."};
  case Reason::scope_malformed: return {400, "invalid_scope", "The scope is malformed."};
  case Reason::scope_exceeds_assertion:
    return {400, "invalid_scope", "The scope asks for more than the assertion does."};
  case Reason::scope_exceeds_grant:
    return {400, "invalid_scope", "The scope asks for more than was granted."};
  case Reason::scope_not_allowed:
    return {400, "invalid_scope", "The scope is not allowed for this application."};
  // RFC 8707 section 2. Which resources there are for others is not the client's business.
  case Reason::resource_malformed:
    return {400, "invalid_target", "The resource is not an absolute URI without a fragment."};
  case Reason::resource_not_allowed:
    return {400, "invalid_target", "The resource is not allowed for this request."};

  case Reason::registration_token_missing:
    return {401, "invalid_token", "A token for registration is required."};
  // RFC 7592 section 2: what is not there, and what the token is not for, look the same.
  case Reason::registration_token_unknown:
  case Reason::registration_token_expired:
  case Reason::registration_token_used_up:
  case Reason::registration_token_foreign:
  case Reason::registration_client_unknown:
  case Reason::registration_client_disabled:
    return {401, "invalid_token", "The token is not good for this registration."};
  case Reason::registration_body_malformed:
    return {400, "invalid_request", "Send the client metadata as application/json, one object."};
  // RFC 7591 section 3.2.2. The endpoint adds which members these are.
  case Reason::client_metadata_invalid:
    return {400, "invalid_client_metadata", "The client metadata is refused."};
  case Reason::redirect_uri_unsupported:
    return {400, "invalid_redirect_uri", "Nothing redirects here: leave redirect_uris out."};
  case Reason::software_statement_unapproved:
    return {400, "unapproved_software_statement", "No software statement is accepted here."};
  }
  ASSAY_ASSERT(false, "a Reason");
}

PublicFace bearer_face(Reason reason) {
  PublicFace face = public_face(reason);
  if (face.error == "invalid_token" || face.error == "invalid_dpop_proof" ||
      face.error == "use_dpop_nonce")
    face.status = 401;
  // What is malformed is the request, not a scope that somebody asks for.
  if (reason == Reason::scope_malformed) face.error = "invalid_request";
  return face;
}

} // namespace assay::oauth
