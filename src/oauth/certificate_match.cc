#include "oauth/certificate_match.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/assert.h"
#include "jose/client_certificate.h"
#include "oauth/key_choice.h"

namespace assay::oauth {

namespace {

using registry::AuthMethod;
using registry::CertificateName;
using registry::CertificateNameKind;

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// RFC 4343: host names have no letter case. A name with a wildcard is a name like others here: it
// stands for itself.
bool has_host(const std::vector<std::string>& names, std::string_view host) {
  return std::ranges::any_of(names, [host](const std::string& name) {
    return std::ranges::equal(name, host, [](unsigned char left, unsigned char right) {
      return std::tolower(left) == std::tolower(right);
    });
  });
}

bool has_address(const std::vector<std::string>& addresses, const std::string& address) {
  const auto canonical = jose::canonical_ip_address(address);
  return canonical && has(addresses, *canonical);
}

// RFC 8705 section 2.1.2.
bool has_subject(const jose::ClientCertificate& certificate, const std::string& text) {
  const auto name = jose::DistinguishedName::parse(text);
  return name && *name == certificate.subject_name;
}

bool has_name(const jose::ClientCertificate& certificate, const CertificateName& name) {
  switch (name.kind) {
  case CertificateNameKind::subject_dn: return has_subject(certificate, name.value);
  case CertificateNameKind::san_dns: return has_host(certificate.dns_names, name.value);
  case CertificateNameKind::san_uri: return has(certificate.uris, name.value);
  case CertificateNameKind::san_ip: return has_address(certificate.ip_addresses, name.value);
  case CertificateNameKind::san_email: return has(certificate.emails, name.value);
  }
  ASSAY_ASSERT(false, "a kind of the enum");
}

// A key that is over is so for every proof: another certificate around it brings it back no more
// than an assertion does.
bool has_key(const jose::ClientCertificate& certificate, const registry::Application& application,
             registry::KeyCache& keys, TimePoint now) {
  return std::ranges::any_of(application.keys, [&](const registry::RegisteredKey& registered) {
    if (!registered.enabled || is_over(registered, now)) return false;
    const auto key = keys.parsed(registered);
    return key && !is_outside_validity(*key, now) &&
           key->thumbprint() == certificate.key_thumbprint;
  });
}

} // namespace

Result<AuthMethod> match_certificate(const crypto::PeerCertificate& presented,
                                     const registry::Application& application,
                                     registry::KeyCache& keys, TimePoint now) {
  const auto certificate = jose::parse_client_certificate(presented.der);
  if (!certificate) return refuse(Reason::client_certificate_malformed, certificate.error().what);
  if (now < certificate->not_before || certificate->not_after < now)
    return refuse(Reason::client_certificate_untrusted, "it is not within its time");

  if (const auto& name = application.certificate_name) {
    if (!presented.is_trusted)
      return refuse(Reason::client_certificate_untrusted, "no trusted CA signed it");
    if (!has_name(*certificate, *name))
      return refuse(Reason::client_certificate_unregistered,
                    fmt::format("expected {} {}; found the subject {}", registry::name(name->kind),
                                name->value, certificate->subject));
    return AuthMethod::tls_client_auth;
  }
  if (!has_key(*certificate, application, keys, now))
    return refuse(Reason::client_certificate_unregistered,
                  "its key is none of the application's live ones");
  return AuthMethod::self_signed_tls_client_auth;
}

} // namespace assay::oauth
