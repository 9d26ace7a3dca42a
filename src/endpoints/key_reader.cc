#include "endpoints/key_reader.h"

#include "endpoints/certificate_header.h"

namespace assay::endpoints {

Result<oauth::PresentedKeys> KeyReader::read(const http::Request& request, TimePoint now) const {
  oauth::PresentedKeys keys;
  // RFC 9449 section 4.3: of two, each end could believe another one.
  if (request.field_count("DPoP") > 1)
    return refuse(Reason::dpop_repeated, "expected one DPoP header");
  if (const auto proof = request.field("DPoP")) keys.proof = std::string(*proof);

  auto certificate = certificate_of(request, now);
  if (!certificate) return std::unexpected(std::move(certificate.error()));
  keys.certificate = std::move(*certificate);
  return keys;
}

// From anybody but a proxy, the header is the client's own claim: it would be whoever it wants.
Result<KeyReader::Certificate> KeyReader::certificate_of(const http::Request& request,
                                                         TimePoint now) const {
  if (!is_from_proxy(request)) return request.client_certificate;
  // The connection's own certificate is the proxy's.
  const auto header = request.field(parts_.certificate_header);
  if (!header || header->empty()) return nullptr;
  if (request.field_count(parts_.certificate_header) > 1)
    return refuse(Reason::client_certificate_malformed, "expected one header with a certificate");
  auto der = read_certificate_header(*header);
  if (!der) return std::unexpected(std::move(der.error()));
  const bool is_trusted = parts_.trust && parts_.trust->trusts(*der, {}, now);
  return std::make_shared<const crypto::PeerCertificate>(std::move(*der), is_trusted);
}

} // namespace assay::endpoints
