#include "oauth/jwt_signer.h"

#include <fmt/format.h>

#include "base/base64url.h"
#include "base/unavailable.h"
#include "jose/jws.h"

namespace assay::oauth {

namespace {

// None of the texts needs an escape: a kid is a thumbprint (registry/signing_key.h).
std::string header_of(const registry::SigningKey& key, std::string_view type) {
  return fmt::format(R"({{"typ":"{}","alg":"{}","kid":"{}"}})", type, name(key.algorithm), key.id);
}

} // namespace

Task<std::string> JwtSigner::sign(jose::Algorithm algorithm, std::string_view type,
                                  std::string payload, TimePoint now) const {
  const auto key = keys_(algorithm, now);
  if (!key) throw Unavailable(fmt::format("there is no key that signs {}", name(algorithm)));

  std::string token = jose::signing_input(header_of(*key, type), payload);
  std::string signature;
  const auto sign = [&] { signature = key->key.sign(algorithm, token); };
  if (key->key.public_key().type() == jose::KeyType::rsa)
    co_await slow_work_->run(sign);
  else
    sign();
  co_return token.append(".").append(base64url_encode(signature));
}

} // namespace assay::oauth
