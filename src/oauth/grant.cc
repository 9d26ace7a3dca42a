#include "oauth/grant.h"

namespace assay::oauth {

void note_client(const ProvenClient& client, GrantTrace& trace) {
  trace.client_id = client.sender.application().id;
  trace.subject = client.sender.subject();
  trace.application_name = client.sender.application().name;
  trace.auth_method = name(client.method);
  trace.warning = client.warning;
}

} // namespace assay::oauth
