// Builds signed JWTs, good ones and deliberately bad ones.
#pragma once

#include <string>
#include <string_view>

#include "base/strict_json.h"
#include "jose/private_key.h"

namespace assay::testing {

// Signed by the key's default algorithm, with its `alg` and `kid` (if it has one) in the header.
// `header_extras` are added to the header and win over both: {{"alg", "PS256"}} also signs so.
std::string signed_jwt(const jose::PrivateKey& key, const json::object& claims,
                       const json::object& header_extras = {});

// Header and payload exactly as given, signed with that algorithm whatever the header says.
std::string signed_text(const jose::PrivateKey& key, jose::Algorithm algorithm,
                        std::string_view header, std::string_view payload);

} // namespace assay::testing
