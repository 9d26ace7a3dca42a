// Owning handles for OpenSSL's objects. Included by crypto/ and jose/ alone.
#pragma once

#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/x509.h>

namespace assay::crypto {

template <auto free> struct Freed {
  template <class T> void operator()(T* object) const { free(object); }
};

struct MemoryFreed {
  void operator()(void* memory) const { OPENSSL_free(memory); }
};

using BignumContextHandle = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using BignumHandle = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using BioHandle = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using BytesHandle = std::unique_ptr<unsigned char, MemoryFreed>;
using CertificateHandle = std::unique_ptr<X509, Freed<X509_free>>;
using DigestContextHandle = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using DigestMethodHandle = std::unique_ptr<EVP_MD, Freed<EVP_MD_free>>;
using EcdsaSignatureHandle = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using ParameterBuilderHandle = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using ParametersHandle = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using TextHandle = std::unique_ptr<char, MemoryFreed>;

// Text as OpenSSL and libsodium want it.
inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Around a call that may fail on bad input. OpenSSL keeps what went wrong in a queue of the thread,
// where the next one to look for the cause of a failure of its own would find it.
class ErrorQueueCleaner {
public:
  ErrorQueueCleaner() = default;
  ~ErrorQueueCleaner() { ERR_clear_error(); }
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
};

} // namespace assay::crypto
