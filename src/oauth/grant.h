// What every grant is: a request goes in, a token or a refusal comes out.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "crypto/digest.h"
#include "jose/claims.h"
#include "jose/jws.h"
#include "oauth/client_authentication.h"
#include "oauth/token_minter.h"
#include "oauth/token_request.h"

namespace assay::oauth {

// What the audit log will want to know, written down as it becomes known; also there when the grant
// ends in an exception. Decides nothing: no check reads it.
struct GrantTrace {
  std::string client_id;        // once proven
  std::string subject;          // once proven
  std::string application_name; // once proven
  std::string_view auth_method; // by which the client proved itself beside its grant, if it did
  std::string_view warning;     // what was let pass for now: ProvenClient::warning
  std::string issuer;           // as claimed
  std::string key_id;           // as claimed; once proven, the key that did
  std::optional<crypto::Digest> assertion;
  std::optional<jose::JwsHeader> header;
  std::optional<jose::Claims> claims;
  std::optional<crypto::Digest> token;
  std::string_view token_format;  // "jwt"; empty: opaque
  std::string_view token_binding; // what its confirmation is called; empty: a bearer token
  std::string scope;              // granted
  std::string audience;           // granted, unless it is the issuer alone
};

// What a client that proved itself leaves in the trace.
void note_client(const ProvenClient& client, GrantTrace& trace);

// What an access token that is about to be given leaves in it: nothing that opens anything.
void note_token(const Secret& text, const crypto::Digest& digest, const Confirmation& confirmation,
                GrantTrace& trace);

// Thread-safe; lives as long as the server.
class Grant {
public:
  virtual ~Grant() = default;

  // `trace` outlives the task. Throws Unavailable when a store does not answer.
  virtual Task<Result<MintedToken>> grant(TokenRequest request, GrantTrace& trace) = 0;
};

} // namespace assay::oauth
