#include "jose/certificate.h"

#include <array>
#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include <openssl/x509v3.h>

#include "base/assert.h"
#include "crypto/memory_bio.h"
#include "jose/plain_text.h"

namespace assay::jose {

namespace {

bool is_for_signatures(X509& certificate) {
  // All bits are set if there is no such extension, none if it cannot be read.
  return (X509_get_key_usage(&certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

std::optional<TimePoint> time_point(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

std::optional<std::string> text_of(const X509_NAME* name, unsigned long flags) {
  const crypto::BioHandle bio = crypto::writing_bio();
  if (X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) return std::nullopt;
  return crypto::written_text(*bio);
}

// As RFC 4514 has it, in UTF-8: but where that would leave control characters (OpenSSL escapes only
// those below U+0080), everything beyond ASCII is escaped.
std::optional<std::string> text_of(const X509_NAME* name) {
  auto text = text_of(name, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  if (text && has_control_character(*text)) return text_of(name, XN_FLAG_RFC2253);
  return text;
}

std::optional<std::string> serial_of(const X509& certificate) {
  const crypto::BignumHandle serial(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  if (!serial) return std::nullopt;
  const crypto::TextHandle text(BN_bn2hex(serial.get()));
  ASSAY_ASSERT(text != nullptr, "memory");
  return text.get();
}

crypto::Digest thumbprint_of(const X509& certificate) {
  std::array<unsigned char, crypto::Digest::kBytes> digest{};
  const bool done = X509_digest(&certificate, EVP_sha256(), digest.data(), nullptr) == 1;
  ASSAY_ASSERT(done, "SHA-256 from OpenSSL");
  return crypto::Digest(digest);
}

} // namespace

KeyResult<CertificateFacts> certificate_facts(X509& certificate) {
  if (!is_for_signatures(certificate))
    return key_fault(
        "the certificate's key usage must have digitalSignature: the key is for signatures");
  const auto not_before = time_point(X509_get0_notBefore(&certificate));
  const auto not_after = time_point(X509_get0_notAfter(&certificate));
  if (!not_before || !not_after) return key_fault("the certificate's dates cannot be read");
  auto subject = text_of(X509_get_subject_name(&certificate));
  auto issuer = text_of(X509_get_issuer_name(&certificate));
  auto serial = serial_of(certificate);
  if (!subject || !issuer || !serial) return key_fault("the certificate's names cannot be read");
  return CertificateFacts{.not_before = *not_before,
                          .not_after = *not_after,
                          .subject = std::move(*subject),
                          .issuer = std::move(*issuer),
                          .serial = std::move(*serial),
                          .thumbprint = thumbprint_of(certificate)};
}

} // namespace assay::jose
