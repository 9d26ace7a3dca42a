#include "registry/client_secret.h"

#include <array>
#include <utility>

namespace assay::registry {

namespace {

// 43 letters and digits of 5.95 bits each.
constexpr std::size_t kSecretLength = 43;

std::optional<unsigned> digit_value(char character) {
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
  if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a') + 10;
  return std::nullopt;
}

} // namespace

NewSecret make_client_secret(const crypto::Random& random) {
  Secret text(crypto::random_alphanumeric(kSecretLength, random));
  const crypto::Digest digest = crypto::sha256(text.reveal());
  return {std::move(text), {digest, std::nullopt}};
}

std::optional<crypto::Digest> parse_secret_digest(std::string_view hex) {
  std::array<unsigned char, crypto::Digest::kBytes> bytes{};
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    const auto high = digit_value(hex[2 * index]);
    const auto low = digit_value(hex[2 * index + 1]);
    if (!high || !low) return std::nullopt;
    bytes[index] = static_cast<unsigned char>(*high << 4U | *low);
  }
  return crypto::Digest(bytes);
}

} // namespace assay::registry
