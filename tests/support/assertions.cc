#include "support/assertions.h"

#include <stdexcept>

#include "base/base64url.h"
#include "jose/jws.h"

namespace assay::testing {

std::string signed_jwt(const jose::PrivateKey& key, const json::object& claims,
                       const json::object& header_extras) {
  json::object header{{"alg", name(key.default_algorithm())}};
  if (const auto& kid = key.public_key().key_id()) header["kid"] = *kid;
  for (const auto& [member, value] : header_extras)
    header[member] = value;
  const auto algorithm = jose::algorithm_named(std::string_view(header["alg"].as_string()));
  if (!algorithm) throw std::logic_error("an algorithm that can sign");
  return signed_text(key, *algorithm, json::serialize(header), json::serialize(claims));
}

std::string signed_text(const jose::PrivateKey& key, jose::Algorithm algorithm,
                        std::string_view header, std::string_view payload) {
  const std::string input = jose::signing_input(header, payload);
  return input + '.' + base64url_encode(key.sign(algorithm, input));
}

} // namespace assay::testing
