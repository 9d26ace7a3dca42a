#include "registry/application.h"

#include <algorithm>

#include "base/assert.h"
#include "registry/record_limits.h"

namespace assay::registry {

std::string_view name(GrantType grant) {
  switch (grant) {
  case GrantType::jwt_bearer: return "jwt-bearer";
  case GrantType::refresh_token: return "refresh_token";
  case GrantType::client_credentials: return "client_credentials";
  }
  ASSAY_ASSERT(false, "a grant type of the enum");
}

std::optional<GrantType> grant_type_named(std::string_view text) {
  const auto found =
      std::ranges::find(kGrantTypes, text, [](GrantType grant) { return name(grant); });
  if (found == kGrantTypes.end()) return std::nullopt;
  return *found;
}

bool Application::may_use(GrantType grant) const {
  return std::ranges::find(grants, grant) != grants.end();
}

bool Application::may_speak_for(std::string_view subject) const {
  return subject == id || std::ranges::find(subjects, subject) != subjects.end();
}

bool Application::allows(jose::Algorithm algorithm) const {
  return algorithms.empty() || std::ranges::find(algorithms, algorithm) != algorithms.end();
}

bool is_client_id(std::string_view text) {
  if (text.empty() || text.size() > kClientIdBytesMax || text == "." || text == "..") return false;
  return std::ranges::all_of(text, [](char character) {
    return character > ' ' && character <= '~' && character != '"' && character != '\\';
  });
}

} // namespace assay::registry
