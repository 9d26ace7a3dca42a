#include "support/certificates.h"

#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/base64url.h"
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

void set_name(X509_NAME* name, const std::string& common_name) {
  must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.data()),
                                  static_cast<int>(common_name.size()), -1, 0) == 1);
}

void set_names(X509& certificate, const CertificateTraits& traits) {
  set_name(X509_get_subject_name(&certificate), traits.common_name);
  set_name(X509_get_issuer_name(&certificate),
           traits.issuer_key ? traits.issuer_name : traits.common_name);
}

void set_extension(X509& certificate, int id, const std::optional<std::string>& value) {
  if (!value) return;
  const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, value->c_str()));
  must(extension != nullptr);
  must(X509_add_ext(&certificate, extension.get(), -1) == 1);
}

crypto::KeyHandle openssl_key(const jose::PrivateKey& key) {
  const Secret pem = key.to_pem();
  const crypto::BioHandle reading = crypto::reading_bio(pem.reveal());
  return crypto::KeyHandle(PEM_read_bio_PrivateKey(reading.get(), nullptr, nullptr, nullptr));
}

} // namespace

std::string certificate_for(const jose::PrivateKey& key, const CertificateTraits& traits) {
  const jose::PrivateKey& signing_key = traits.issuer_key ? *traits.issuer_key : key;
  const crypto::KeyHandle holder = openssl_key(key);
  const crypto::KeyHandle signer = openssl_key(signing_key);
  const crypto::CertificateHandle certificate(X509_new());
  must(X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  must(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 0x0102) == 1);
  set_time(X509_getm_notBefore(certificate.get()), traits.not_before);
  set_time(X509_getm_notAfter(certificate.get()), traits.not_after);
  set_names(*certificate, traits);
  must(X509_set_pubkey(certificate.get(), holder.get()) == 1);
  set_extension(*certificate, NID_key_usage, traits.key_usage);
  set_extension(*certificate, NID_subject_alt_name, traits.alternative_names);
  set_extension(*certificate, NID_basic_constraints, traits.basic_constraints);
  set_extension(*certificate, NID_ext_key_usage, traits.extended_key_usage);

  const bool hashes_itself = signing_key.public_key().type() == jose::KeyType::ed25519 ||
                             signing_key.public_key().type() == jose::KeyType::ed448;
  must(X509_sign(certificate.get(), signer.get(), hashes_itself ? nullptr : EVP_sha256()) > 0);
  const crypto::BioHandle writing = crypto::writing_bio();
  must(PEM_write_bio_X509(writing.get(), certificate.get()) == 1);
  return crypto::written_text(*writing);
}

std::string base64_of(const std::string& pem) {
  const std::size_t begin = pem.find('\n') + 1;
  std::string text = pem.substr(begin, pem.find("-----END") - begin);
  std::erase(text, '\n');
  return text;
}

std::string der_of(const std::string& pem) { return *base64_decode(base64_of(pem)); }

} // namespace assay::testing
