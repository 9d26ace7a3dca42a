#include "support/certificates.h"

#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/memory_bio.h"

namespace assay::testing {

namespace {

using ExtensionHandle = std::unique_ptr<X509_EXTENSION, crypto::Freed<X509_EXTENSION_free>>;

void must(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot make the certificate");
}

void set_time(ASN1_TIME* field, std::chrono::sys_seconds time) {
  must(ASN1_TIME_set(field, time.time_since_epoch().count()) != nullptr);
}

void set_names(X509& certificate, const std::string& common_name) {
  X509_NAME* name = X509_get_subject_name(&certificate);
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1);
  must(X509_set_issuer_name(&certificate, name) == 1);
}

void set_key_usage(X509& certificate, const std::string& usage) {
  const ExtensionHandle extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage, usage.c_str()));
  must(extension != nullptr);
  must(X509_add_ext(&certificate, extension.get(), -1) == 1);
}

} // namespace

std::string certificate_for(const jose::PrivateKey& key, const CertificateTraits& traits) {
  const Secret pem = key.to_pem();
  const crypto::BioHandle reading = crypto::reading_bio(pem.reveal());
  const crypto::KeyHandle signer(PEM_read_bio_PrivateKey(reading.get(), nullptr, nullptr, nullptr));
  const crypto::CertificateHandle certificate(X509_new());
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 0x0102) == 1);
  set_time(X509_getm_notBefore(certificate.get()), traits.not_before);
  set_time(X509_getm_notAfter(certificate.get()), traits.not_after);
  set_names(*certificate, traits.common_name);
  must(X509_set_pubkey(certificate.get(), signer.get()) == 1);
  if (traits.key_usage) set_key_usage(*certificate, *traits.key_usage);

  const bool hashes_itself = key.public_key().type() == jose::KeyType::ed25519 ||
                             key.public_key().type() == jose::KeyType::ed448;
  must(X509_sign(certificate.get(), signer.get(), hashes_itself ? nullptr : EVP_sha256()) > 0);
  const crypto::BioHandle writing = crypto::writing_bio();
  must(PEM_write_bio_X509(writing.get(), certificate.get()) == 1);
  return crypto::written_text(*writing);
}

} // namespace assay::testing
