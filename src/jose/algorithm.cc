#include "jose/algorithm.h"

#include <algorithm>
#include <cstddef>

#include "base/assert.h"

namespace assay::jose {

namespace {

struct Row {
  Algorithm algorithm;
  std::string_view name;
};

constexpr std::array<Row, kAlgorithmCount> kTable{{
    {Algorithm::rs256, "RS256"},
    {Algorithm::rs384, "RS384"},
    {Algorithm::rs512, "RS512"},
    {Algorithm::ps256, "PS256"},
    {Algorithm::ps384, "PS384"},
    {Algorithm::ps512, "PS512"},
    {Algorithm::es256, "ES256"},
    {Algorithm::es384, "ES384"},
    {Algorithm::es512, "ES512"},
    {Algorithm::eddsa, "EdDSA"},
    {Algorithm::ed25519, "Ed25519"},
    {Algorithm::ed448, "Ed448"},
}};

} // namespace

std::optional<Algorithm> algorithm_named(std::string_view name) {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  if (row == kTable.end()) return std::nullopt;
  return row->algorithm;
}

std::string_view name(Algorithm algorithm) {
  return kTable[static_cast<std::size_t>(algorithm)].name;
}

std::string_view name(KeyType type) {
  switch (type) {
  case KeyType::rsa: return "RSA";
  case KeyType::ec_p256: return "P-256";
  case KeyType::ec_p384: return "P-384";
  case KeyType::ec_p521: return "P-521";
  case KeyType::ed25519: return "Ed25519";
  case KeyType::ed448: return "Ed448";
  }
  ASSAY_ASSERT(false, "a KeyType");
}

bool fits(Algorithm algorithm, KeyType type) {
  switch (algorithm) {
  case Algorithm::rs256:
  case Algorithm::rs384:
  case Algorithm::rs512:
  case Algorithm::ps256:
  case Algorithm::ps384:
  case Algorithm::ps512: return type == KeyType::rsa;
  case Algorithm::es256: return type == KeyType::ec_p256;
  case Algorithm::es384: return type == KeyType::ec_p384;
  case Algorithm::es512: return type == KeyType::ec_p521;
  case Algorithm::eddsa: return type == KeyType::ed25519 || type == KeyType::ed448;
  case Algorithm::ed25519: return type == KeyType::ed25519;
  case Algorithm::ed448: return type == KeyType::ed448;
  }
  ASSAY_ASSERT(false, "an Algorithm");
}

std::array<Algorithm, kAlgorithmCount> all_algorithms() {
  std::array<Algorithm, kAlgorithmCount> all{};
  std::ranges::transform(kTable, all.begin(), &Row::algorithm);
  return all;
}

} // namespace assay::jose
