#include "jose/ed448_point.h"

#include "base/assert.h"
#include "crypto/openssl.h"

namespace assay::jose {

namespace {

// The curve is x^2 + y^2 = 1 + d x^2 y^2 (RFC 7748 section 4.2).
constexpr BN_ULONG kMinusD = 39081;

crypto::BignumHandle new_number() {
  crypto::BignumHandle number(BN_new());
  ASSAY_ASSERT(number != nullptr, "memory");
  return number;
}

// 2^448 - 2^224 - 1
crypto::BignumHandle field_prime() {
  crypto::BignumHandle prime = new_number();
  const crypto::BignumHandle middle = new_number();
  const bool done = BN_set_bit(prime.get(), 448) == 1 && BN_set_bit(middle.get(), 224) == 1 &&
                    BN_sub(prime.get(), prime.get(), middle.get()) == 1 &&
                    BN_sub_word(prime.get(), 1) == 1;
  ASSAY_ASSERT(done, "memory");
  return prime;
}

} // namespace

bool is_ed448_public_key(std::span<const unsigned char, kEd448KeyBytes> encoded) {
  // The last byte has nothing but the sign of x; x and -x are of the same order.
  if ((encoded.back() & 0x7FU) != 0) return false;
  const crypto::BignumHandle prime = field_prime();
  const crypto::BignumHandle y(BN_lebin2bn(encoded.data(), kEd448KeyBytes - 1, nullptr));
  ASSAY_ASSERT(y != nullptr, "memory");
  if (BN_cmp(y.get(), prime.get()) >= 0) return false;
  if (BN_is_zero(y.get())) return false; // the two points of order 4

  // x^2 = (1 - y^2) / (1 - d y^2) must be a square, and so its product with the square of the
  // divisor, which is never 0, as d is no square. Where it is 0, y is 1 or -1: the points of order
  // 1 and 2.
  const crypto::BignumContextHandle context(BN_CTX_new());
  const crypto::BignumHandle square = new_number();
  const crypto::BignumHandle dividend = new_number();
  const crypto::BignumHandle divisor = new_number();
  const crypto::BignumHandle product = new_number();
  const bool done =
      context != nullptr && BN_mod_sqr(square.get(), y.get(), prime.get(), context.get()) == 1 &&
      BN_mod_sub(dividend.get(), BN_value_one(), square.get(), prime.get(), context.get()) == 1 &&
      BN_copy(divisor.get(), square.get()) != nullptr && BN_mul_word(divisor.get(), kMinusD) == 1 &&
      BN_add_word(divisor.get(), 1) == 1 &&
      BN_mod_mul(product.get(), dividend.get(), divisor.get(), prime.get(), context.get()) == 1;
  ASSAY_ASSERT(done, "memory");
  return BN_kronecker(product.get(), prime.get(), context.get()) == 1;
}

} // namespace assay::jose
