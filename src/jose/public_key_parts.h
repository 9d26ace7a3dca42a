// What a PublicKey is made of. Internal to jose/.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "jose/checked_key.h"
#include "jose/ed25519.h"
#include "jose/jwk_reader.h"
#include "jose/prepared_contexts.h"
#include "jose/public_key.h"

namespace assay::jose {

struct PublicKey::Parts {
  explicit Parts(CheckedKey key, KeyLabels labels = {},
                 std::optional<CertificateFacts> certificate = {});

  const CheckedKey key;
  const KeyLabels labels;
  const std::optional<CertificateFacts> certificate;
  const crypto::Digest thumbprint;

  // The raw key, for libsodium; zeros for another type.
  const std::array<unsigned char, kEd25519KeyBytes> ed25519;

  const PreparedContexts contexts;
};

} // namespace assay::jose
