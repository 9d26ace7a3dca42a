#include "oauth/dpop_nonces.h"

#include <cstdint>

#include "base/base64url.h"
#include "crypto/digest.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kPurpose = "DPoP nonces";
constexpr std::size_t kDigestBytes = 16;

std::string bytes_of(std::int64_t slot) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(slot) >> shift & 0xFFU));
  return bytes;
}

} // namespace

DpopNonces::DpopNonces(std::string_view secret, std::chrono::seconds life)
    : digest_(secret, kPurpose), life_(life) {}

std::string DpopNonces::at(TimePoint now) const { return of_slot(slot_of(now)); }

bool DpopNonces::is_good(std::string_view nonce, TimePoint now) const {
  const std::int64_t current = slot_of(now);
  bool good = false;
  // The digests, as their comparison takes equally long whatever was guessed.
  for (const std::int64_t slot : {current - 1, current, current + 1})
    good |= crypto::constant_time_equal(crypto::sha256(nonce), crypto::sha256(of_slot(slot)));
  return good;
}

std::int64_t DpopNonces::slot_of(TimePoint time) const {
  return unix_seconds(time) / life_.count();
}

std::string DpopNonces::of_slot(std::int64_t slot) const {
  std::string bytes = bytes_of(slot);
  const crypto::Digest digest = digest_.of(bytes);
  bytes.append(digest.bytes().begin(), digest.bytes().begin() + kDigestBytes);
  return base64url_encode(bytes);
}

} // namespace assay::oauth
