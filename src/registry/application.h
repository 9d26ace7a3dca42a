// An application: a workload that may ask for tokens, as its record in the registry describes it.
#pragma once

#include <array>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/strict_json.h"
#include "jose/algorithm.h"
#include "registry/client_secret.h"
#include "registry/field_fault.h"
#include "registry/registered_key.h"

namespace assay::registry {

enum class GrantType { jwt_bearer, refresh_token, client_credentials };

inline constexpr std::array kGrantTypes{GrantType::jwt_bearer, GrantType::refresh_token,
                                        GrantType::client_credentials};

// The spelling in records and on the command line: jwt-bearer, refresh_token, client_credentials.
std::string_view name(GrantType grant);
std::optional<GrantType> grant_type_named(std::string_view name);

// How a client authenticates (RFC 7591 section 2). `none`: not at all, as its assertions speak for
// it. An assertion that is a grant needs no authentication beside it, whatever the methods are.
enum class AuthMethod {
  client_secret_basic,
  client_secret_post,
  private_key_jwt,
  tls_client_auth,             // RFC 8705 section 2.1: a certificate of a CA, by a name in it
  self_signed_tls_client_auth, // section 2.2: a certificate with one of the registered keys
  none,
};

inline constexpr std::array kAuthMethods{AuthMethod::client_secret_basic,
                                         AuthMethod::client_secret_post,
                                         AuthMethod::private_key_jwt,
                                         AuthMethod::tls_client_auth,
                                         AuthMethod::self_signed_tls_client_auth,
                                         AuthMethod::none};

std::string_view name(AuthMethod method);
std::optional<AuthMethod> auth_method_named(std::string_view name);

struct RegisteredScope {
  std::string name;
  bool is_default = false;
};

// The name in a certificate that is the application's (RFC 8705 section 2.1.2): the record has one
// member of them at the most.
enum class CertificateNameKind { subject_dn, san_dns, san_uri, san_ip, san_email };

struct CertificateName {
  CertificateNameKind kind;
  std::string value;
};

inline constexpr std::array kCertificateNameKinds{
    CertificateNameKind::subject_dn, CertificateNameKind::san_dns, CertificateNameKind::san_uri,
    CertificateNameKind::san_ip, CertificateNameKind::san_email};

// The member of a record: tls_client_auth_subject_dn, tls_client_auth_san_dns, ...
std::string_view name(CertificateNameKind kind);

// A value. Its text members are as the operator wrote them.
struct Application {
  std::string id;
  std::string name;
  std::string description;
  std::string logo;
  std::string website;
  std::string contact_email;
  std::string contact_phone;
  bool enabled = true;
  std::vector<RegisteredKey> keys;
  std::string jwks_uri; // where more of its keys are, or empty
  std::string jwks_ca;  // PEM: who signed that host's certificate; empty: whom the system trusts
  std::vector<RegisteredSecret> secrets;
  std::vector<RegisteredScope> scopes;
  std::vector<std::string> subjects;
  std::vector<GrantType> grants{GrantType::jwt_bearer};
  std::vector<AuthMethod> auth_methods; // empty: whatever it has credentials for
  // Until then its client assertions may name the token endpoint as their audience, as older
  // libraries do.
  std::optional<TimePoint> token_url_audience_until;
  std::vector<jose::Algorithm> algorithms; // empty: whatever its keys accept
  std::optional<std::chrono::seconds> longest_assertion_life;
  bool require_jti = false;
  bool may_introspect = false;
  std::vector<std::string> serves; // URIs of the protected APIs that it is
  // All that its tokens may be for, their ceiling; empty: the service's default.
  std::vector<std::string> resources;
  std::optional<CertificateName> certificate_name; // of tls_client_auth
  // What its access tokens must be bound to (RFC 9449 section 5.2, RFC 8705 section 3.4).
  bool dpop_bound_access_tokens = false;
  bool tls_client_certificate_bound_access_tokens = false;
  // Of one that was registered over HTTP (registry/client_registrar.h): what its registration
  // access token is known by, and the initial access token that made it.
  std::optional<crypto::Digest> registration_token_sha256;
  std::string registered_by;

  bool may_use(GrantType grant) const;
  bool may_authenticate_by(AuthMethod method) const;
  // The application itself, or one of the subjects registered for it.
  bool may_speak_for(std::string_view subject) const;
  bool allows(jose::Algorithm algorithm) const;
};

// 1 to 128 printable ASCII characters without space, `"` and `\`: fit for a path, a log line and a
// quoted string. Not `.` or `..`.
bool is_client_id(std::string_view text);

// A record that comes from outside: every field is checked, every key parsed, unknown members are
// refused, and all faults are reported at once. An absent client_id is left empty: the editor makes
// one.
std::expected<Application, FieldFaults> parse_application(const json::value& record);

// A row of the store: as above, but keys are not parsed (217 µs and more each; that is done at
// first use), as parse_application had them when they were written. A record without client_id has
// that of its row: people who edit the file need not write it twice. Another one is a fault.
std::expected<Application, FieldFaults> load_application(std::string_view row_key,
                                                         std::string_view record);

// The record again, all members in a fixed order; those without a value (longest_assertion_life, a
// kid, a not_after) are left out. parse_application(to_record(a)) gives `a`.
json::object to_record(const Application& application);

} // namespace assay::registry
