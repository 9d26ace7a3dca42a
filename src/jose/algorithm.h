// The signature algorithms that Assay verifies: a closed table (RFC 7518 section 3.1, RFC 8037,
// RFC 9864). `none` and the HMAC family are not in it and never will be: an assertion is proof only
// if the server could not have made it itself.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace assay::jose {

enum class Algorithm {
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa,   // RFC 8037: the key's curve decides
  ed25519, // RFC 9864: fully specified
  ed448,
};

inline constexpr std::size_t kAlgorithmCount = static_cast<std::size_t>(Algorithm::ed448) + 1;

enum class KeyType { rsa, ec_p256, ec_p384, ec_p521, ed25519, ed448 };

// Exact, case-sensitive spelling (RFC 7515 section 4.1.1): "rs256" and "None" are nothing.
std::optional<Algorithm> algorithm_named(std::string_view name);
std::string_view name(Algorithm algorithm);
std::string_view name(KeyType type);

// Whether a key of this type can be used with the algorithm at all. ES algorithms fit one curve
// each (RFC 7518 section 3.4).
bool fits(Algorithm algorithm, KeyType type);

// All of them, in the order of the enum: for help texts and metadata.
std::array<Algorithm, kAlgorithmCount> all_algorithms();

} // namespace assay::jose
