#include "oauth/grant.h"

#include "oauth/jwt_access_token.h"

namespace assay::oauth {

void note_client(const ProvenClient& client, GrantTrace& trace) {
  trace.client_id = client.sender.application().id;
  trace.subject = client.sender.subject();
  trace.application_name = client.sender.application().name;
  trace.auth_method = name(client.method);
  trace.warning = client.warning;
}

void note_token(const Secret& text, const crypto::Digest& digest, const Confirmation& confirmation,
                GrantTrace& trace) {
  trace.token = digest;
  trace.token_format = jwt_access_token_id_in(text.reveal()) ? "jwt" : "";
  trace.token_binding = name(confirmation);
}

} // namespace assay::oauth
