// Owning handles for OpenSSL's objects. Included by crypto/ and jose/ alone.
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/x509.h>

namespace assay::crypto {

template <auto free> struct Freed {
  template <class T> void operator()(T* object) const { free(object); }
};

using BioHandle = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using BignumHandle = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using CertificateHandle = std::unique_ptr<X509, Freed<X509_free>>;
using DigestContextHandle = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using DigestMethodHandle = std::unique_ptr<EVP_MD, Freed<EVP_MD_free>>;
using EcdsaSignatureHandle = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using ParameterBuilderHandle = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using ParametersHandle = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

} // namespace assay::crypto
