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

struct CertificatesFreed {
  void operator()(STACK_OF(X509) * certificates) const {
    sk_X509_pop_free(certificates, X509_free);
  }
};
using CertificatesHandle = std::unique_ptr<STACK_OF(X509), CertificatesFreed>;

CertificateHandle parse(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  return CertificateHandle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

// Those that cannot be read help nobody.
CertificatesHandle parse_all(std::span<const std::string> ders) {
  CertificatesHandle certificates(sk_X509_new_null());
  for (const std::string& der : ders)
    if (CertificateHandle each = parse(der);
        each && sk_X509_push(certificates.get(), each.get()) > 0)
      static_cast<void>(each.release());
  return certificates;
}

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

bool CertificateTrust::trusts(std::string_view der, std::span<const std::string> between,
                              TimePoint now) const {
  const ErrorQueueCleaner cleaner;
  const CertificateHandle certificate = parse(der);
  const CertificatesHandle others = parse_all(between);
  const VerificationHandle verification(X509_STORE_CTX_new());
  if (!certificate || X509_STORE_CTX_init(verification.get(), authorities_->store.get(),
                                          certificate.get(), others.get()) != 1)
    return false;
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(verification.get());
  X509_VERIFY_PARAM_set_time(rules, unix_seconds(now));
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
  // An intermediate that the operator trusts need not come with its root.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  return X509_verify_cert(verification.get()) == 1;
}

} // namespace assay::crypto
