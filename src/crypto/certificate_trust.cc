#include "crypto/certificate_trust.h"

#include <utility>

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/assert.h"
#include "crypto/memory_bio.h"
#include "crypto/openssl.h"

namespace assay::crypto {

namespace {

using StoreHandle = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using VerificationHandle = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;

} // namespace

struct CertificateTrust::Authorities {
  StoreHandle store{X509_STORE_new()};
};

std::expected<CertificateTrust, std::string> CertificateTrust::of_pem(std::string_view pem) {
  const ErrorQueueCleaner cleaner;
  auto authorities = std::make_shared<Authorities>();
  const BioHandle text = reading_bio(pem);
  std::size_t count = 0;
  while (const CertificateHandle each{
      PEM_read_bio_X509(text.get(), nullptr, no_pass_phrase, nullptr)}) {
    const bool added = X509_STORE_add_cert(authorities->store.get(), each.get()) == 1;
    ASSAY_ASSERT(added, "memory");
    ++count;
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !at_end) return std::unexpected("expected certificates in PEM");
  return CertificateTrust(std::move(authorities));
}

bool CertificateTrust::trusts(std::string_view der, TimePoint now) const {
  const ErrorQueueCleaner cleaner;
  const unsigned char* at = bytes_of(der);
  const CertificateHandle certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  const VerificationHandle verification(X509_STORE_CTX_new());
  if (!certificate || X509_STORE_CTX_init(verification.get(), authorities_->store.get(),
                                          certificate.get(), nullptr) != 1)
    return false;
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(verification.get());
  X509_VERIFY_PARAM_set_time(rules, unix_seconds(now));
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
  // An intermediate that the operator trusts need not come with its root.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  return X509_verify_cert(verification.get()) == 1;
}

} // namespace assay::crypto
