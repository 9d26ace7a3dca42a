// The members of an RSA key in a JWK (RFC 7518 section 6.3), and what OpenSSL calls them. Internal
// to jose/.
#pragma once

#include <array>
#include <string_view>

#include <openssl/core_names.h>

namespace assay::jose {

struct RsaMember {
  std::string_view jwk_name;
  const char* openssl_name;
};

inline constexpr RsaMember kRsaModulus{"n", OSSL_PKEY_PARAM_RSA_N};
inline constexpr RsaMember kRsaExponent{"e", OSSL_PKEY_PARAM_RSA_E};
inline constexpr RsaMember kRsaPrivateExponent{"d", OSSL_PKEY_PARAM_RSA_D};

// What makes signing faster.
inline constexpr std::array kRsaFactors{
    RsaMember{"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
    RsaMember{"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
    RsaMember{"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
    RsaMember{"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
    RsaMember{"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
};

} // namespace assay::jose
