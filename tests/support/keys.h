// Sample keys for tests, the same ones in every run.
#pragma once

#include "jose/private_key.h"

namespace assay::testing {

// Each has a kid: "rsa-1", "rsa-2", "ec-1", "ed25519-1".
const jose::PrivateKey& rsa_key();
const jose::PrivateKey& other_rsa_key();
const jose::PrivateKey& ec_key(); // P-256
const jose::PrivateKey& ed25519_key();

// One of each type, without a kid.
const jose::PrivateKey& key_of(jose::KeyType type);

} // namespace assay::testing
