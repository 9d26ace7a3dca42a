#include "jose/pem.h"

#include <memory>
#include <utility>

#include <fmt/format.h>
#include <openssl/pem.h>

#include "crypto/memory_bio.h"
#include "jose/certificate.h"
#include "jose/checked_key.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t count = 0;
  for (std::size_t at = text.find(of); at != std::string_view::npos; at = text.find(of, at + 1))
    ++count;
  return count;
}

KeyResult<PublicKey> parse_certificate(BIO& pem) {
  const crypto::CertificateHandle certificate(
      PEM_read_bio_X509(&pem, nullptr, crypto::no_pass_phrase, nullptr));
  if (!certificate) return key_fault("the certificate cannot be read");
  auto facts = certificate_facts(*certificate);
  if (!facts) return std::unexpected(std::move(facts.error()));
  auto key = CheckedKey::make(crypto::KeyHandle(X509_get_pubkey(certificate.get())));
  if (!key) return std::unexpected(std::move(key.error()));
  return PublicKey(
      std::make_shared<PublicKey::Parts>(std::move(*key), KeyLabels{}, std::move(*facts)));
}

KeyResult<PublicKey> parse_public_key(BIO& pem) {
  auto key = CheckedKey::make(
      crypto::KeyHandle(PEM_read_bio_PUBKEY(&pem, nullptr, crypto::no_pass_phrase, nullptr)));
  if (!key) return std::unexpected(std::move(key.error()));
  return PublicKey(std::make_shared<PublicKey::Parts>(std::move(*key)));
}

} // namespace

KeyResult<PublicKey> parse_pem(std::string_view text) {
  if (text.size() > kPemBytesMax)
    return key_fault(fmt::format("a PEM text may have at most {} bytes", kPemBytesMax));
  if (text.contains("PRIVATE KEY-----"))
    return key_fault("this is a private key: register its certificate or public key, and treat "
                     "this one as leaked");
  const crypto::ErrorQueueCleaner cleaner;
  if (occurrences(text, "-----BEGIN ") == 1) {
    const crypto::BioHandle pem = crypto::reading_bio(text);
    if (text.contains("-----BEGIN CERTIFICATE-----")) return parse_certificate(*pem);
    if (text.contains("-----BEGIN PUBLIC KEY-----")) return parse_public_key(*pem);
  }
  return key_fault("expected exactly one PEM block, a CERTIFICATE or a PUBLIC KEY");
}

} // namespace assay::jose
