#include "registry/application.h"

#include <algorithm>

#include "base/assert.h"
#include "registry/record_limits.h"

namespace assay::registry {

namespace {

// Of a closed table of enumerators, the one that is spelt so.
template <class Table>
std::optional<typename Table::value_type> entry_named(const Table& table, std::string_view text) {
  const auto found = std::ranges::find(table, text, [](auto entry) { return name(entry); });
  if (found == table.end()) return std::nullopt;
  return *found;
}

} // namespace

std::string_view name(GrantType grant) {
  switch (grant) {
  case GrantType::jwt_bearer: return "jwt-bearer";
  case GrantType::refresh_token: return "refresh_token";
  case GrantType::client_credentials: return "client_credentials";
  }
  ASSAY_ASSERT(false, "a grant type of the enum");
}

std::optional<GrantType> grant_type_named(std::string_view text) {
  return entry_named(kGrantTypes, text);
}

std::string_view name(AuthMethod method) {
  switch (method) {
  case AuthMethod::client_secret_basic: return "client_secret_basic";
  case AuthMethod::client_secret_post: return "client_secret_post";
  case AuthMethod::private_key_jwt: return "private_key_jwt";
  case AuthMethod::tls_client_auth: return "tls_client_auth";
  case AuthMethod::self_signed_tls_client_auth: return "self_signed_tls_client_auth";
  case AuthMethod::none: return "none";
  }
  ASSAY_ASSERT(false, "an authentication method of the enum");
}

std::optional<AuthMethod> auth_method_named(std::string_view text) {
  return entry_named(kAuthMethods, text);
}

std::string_view name(CertificateNameKind kind) {
  switch (kind) {
  case CertificateNameKind::subject_dn: return "tls_client_auth_subject_dn";
  case CertificateNameKind::san_dns: return "tls_client_auth_san_dns";
  case CertificateNameKind::san_uri: return "tls_client_auth_san_uri";
  case CertificateNameKind::san_ip: return "tls_client_auth_san_ip";
  case CertificateNameKind::san_email: return "tls_client_auth_san_email";
  }
  ASSAY_ASSERT(false, "a kind of the enum");
}

bool Application::may_use(GrantType grant) const {
  return std::ranges::find(grants, grant) != grants.end();
}

bool Application::may_authenticate_by(AuthMethod method) const {
  return auth_methods.empty() || std::ranges::find(auth_methods, method) != auth_methods.end();
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
