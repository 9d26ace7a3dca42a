#include "oauth/confirmation.h"

namespace assay::oauth {

json::object to_members(const Confirmation& confirmation) {
  json::object members;
  if (confirmation.key) members["jkt"] = confirmation.key->base64url();
  if (confirmation.certificate) members["x5t#S256"] = confirmation.certificate->base64url();
  return members;
}

} // namespace assay::oauth
