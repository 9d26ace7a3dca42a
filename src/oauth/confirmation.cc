#include "oauth/confirmation.h"

namespace assay::oauth {

std::string_view name(const Confirmation& confirmation) {
  if (confirmation.key) return confirmation.certificate ? "dpop tls" : "dpop";
  return confirmation.certificate ? "tls" : "";
}

json::object to_members(const Confirmation& confirmation) {
  json::object members;
  if (confirmation.key) members["jkt"] = confirmation.key->base64url();
  if (confirmation.certificate) members["x5t#S256"] = confirmation.certificate->base64url();
  return members;
}

} // namespace assay::oauth
