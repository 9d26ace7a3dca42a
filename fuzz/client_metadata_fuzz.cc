// Whatever metadata a client sends, it is refused with members named, or gives members of a record
// that are a client's own and stay within the ceiling; and what is registered so registers again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "registry/client_metadata.h"

namespace {

using namespace assay;

const registry::MetadataRules& rules() {
  static const registry::MetadataRules kRules{
      .ceiling = {.scopes = {{"read", true}, {"write", false}},
                  .grants = {registry::GrantType::jwt_bearer,
                             registry::GrantType::client_credentials},
                  .auth_methods = {registry::kAuthMethods.begin(), registry::kAuthMethods.end()},
                  .resources = {},
                  .dpop_bound = true,
                  .tls_bound = false},
      .introspection_algorithm = jose::Algorithm::es256};
  return kRules;
}

template <class Value>
bool is_within(const std::vector<Value>& values, const std::vector<Value>& ceiling) {
  return std::ranges::all_of(values, [&](const Value& value) {
    return std::ranges::find(ceiling, value) != ceiling.end();
  });
}

void check(const registry::Application& application) {
  const registry::RegistrationCeiling& ceiling = rules().ceiling;
  ASSAY_ASSERT(!application.grants.empty() && is_within(application.grants, ceiling.grants),
               "grants within the ceiling");
  ASSAY_ASSERT(application.auth_methods.size() == 1, "one method");
  for (const registry::RegisteredScope& scope : application.scopes)
    ASSAY_ASSERT(scope.name == "read" || scope.name == "write", "scopes within the ceiling");
  ASSAY_ASSERT(application.dpop_bound_access_tokens, "what the ceiling demands");
  ASSAY_ASSERT(application.enabled && !application.may_introspect && application.serves.empty() &&
                   application.subjects.empty() && application.secrets.empty() &&
                   !application.registration_token_sha256,
               "nothing that a client cannot give itself");

  const auto again = registry::to_client_members(
      registry::to_metadata(application, rules().introspection_algorithm), rules());
  ASSAY_ASSERT(again.has_value(), "what is shown as registered can be sent in an update");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto metadata = parse_strict_json({reinterpret_cast<const char*>(bytes), size});
  if (!metadata || !metadata->is_object()) return 0;
  auto members = registry::to_client_members(metadata->get_object(), rules());
  if (!members) {
    ASSAY_ASSERT(!members.error().fields.empty(), "a member to blame");
    return 0;
  }
  for (const auto& [name, value] : *members)
    ASSAY_ASSERT(std::ranges::find(registry::kClientMembers, std::string_view(name)) !=
                     registry::kClientMembers.end(),
                 "a client's own member");
  const auto application = registry::parse_application(*members);
  if (application)
    check(*application);
  else
    ASSAY_ASSERT(!registry::in_metadata(application.error()).empty(), "a member to blame");
  return 0;
}
