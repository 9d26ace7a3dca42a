#include "jose/ecdsa_signature.h"

#include <algorithm>

#include "base/assert.h"
#include "crypto/openssl.h"

namespace assay::jose {

namespace {

constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kLengthInOneByte = 0x81;
constexpr std::size_t kShortLengthMax = 0x7F;

std::string_view without_leading_zeros(std::string_view number) {
  const std::size_t first = number.find_first_not_of('\0');
  return number.substr(std::min(first, number.size() - 1));
}

// A DER integer is signed: a leading bit of one wants a zero byte before it.
std::size_t sign_bytes(std::string_view number) {
  return (static_cast<unsigned char>(number.front()) & 0x80U) != 0 ? 1 : 0;
}

class DerWriter {
public:
  explicit DerWriter(DerSignature& out) : out_(out) {}

  void byte(unsigned char value) { out_.bytes[out_.size++] = value; }

  void integer(std::string_view number) {
    byte(kInteger);
    byte(static_cast<unsigned char>(sign_bytes(number) + number.size()));
    if (sign_bytes(number) == 1) byte(0);
    for (const char character : number)
      byte(static_cast<unsigned char>(character));
  }

private:
  DerSignature& out_;
};

} // namespace

DerSignature ecdsa_to_der(std::string_view joined) {
  ASSAY_ASSERT(!joined.empty() && joined.size() % 2 == 0 && joined.size() <= 132,
               "R||S of a curve that we know");
  const std::string_view r = without_leading_zeros(joined.substr(0, joined.size() / 2));
  const std::string_view s = without_leading_zeros(joined.substr(joined.size() / 2));
  const std::size_t content = 4 + sign_bytes(r) + r.size() + sign_bytes(s) + s.size();

  DerSignature der;
  DerWriter writer(der);
  writer.byte(kSequence);
  if (content > kShortLengthMax) writer.byte(kLengthInOneByte);
  writer.byte(static_cast<unsigned char>(content));
  writer.integer(r);
  writer.integer(s);
  return der;
}

std::string ecdsa_from_der(std::span<const unsigned char> der, std::size_t joined_bytes) {
  const unsigned char* at = der.data();
  const crypto::EcdsaSignatureHandle signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  ASSAY_ASSERT(signature != nullptr, "a DER signature made by OpenSSL");
  std::string joined(joined_bytes, '\0');
  const std::size_t half = joined_bytes / 2;
  auto* out = reinterpret_cast<unsigned char*>(joined.data());
  const int bytes = static_cast<int>(half);
  const bool fits = BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, bytes) == bytes &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + half, bytes) == bytes;
  ASSAY_ASSERT(fits, "a signature on a curve of that length");
  return joined;
}

} // namespace assay::jose
