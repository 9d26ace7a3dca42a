#include "jose/private_key.h"

#include <array>
#include <span>

#include <fmt/format.h>
#include <openssl/pem.h>

#include "base/assert.h"
#include "base/strict_json.h"
#include "crypto/memory_bio.h"
#include "jose/checked_key.h"
#include "jose/curves.h"
#include "jose/ecdsa_signature.h"
#include "jose/jwk_reader.h"
#include "jose/jwk_writer.h"
#include "jose/key_material.h"
#include "jose/pem.h"
#include "jose/prepared_contexts.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

struct PrivateKey::Parts {
  Parts(CheckedKey whole, PublicKey half)
      : key(std::move(whole)), public_key(std::move(half)), contexts(key, KeyUse::signing) {}

  const CheckedKey key;
  const PublicKey public_key;
  const PreparedContexts contexts;
};

namespace {

constexpr std::size_t kRsaBitsGenerated = 2048;

// Empty if OpenSSL cannot sign with the key. The copy is not kept: it would keep the key as well.
std::string signature_by(const EVP_MD_CTX* prepared, KeyType type, std::string_view signing_input) {
  const crypto::ErrorQueueCleaner cleaner;
  const crypto::DigestContextHandle context(EVP_MD_CTX_new());
  std::array<unsigned char, kRsaBitsMax / 8> buffer{};
  std::size_t bytes = buffer.size();
  if (!prepared || !context || EVP_MD_CTX_copy_ex(context.get(), prepared) != 1 ||
      EVP_DigestSign(context.get(), buffer.data(), &bytes, crypto::bytes_of(signing_input),
                     signing_input.size()) != 1)
    return {};
  const auto signature = std::span<const unsigned char>(buffer).first(bytes);
  if (const std::size_t joined = ecdsa_signature_bytes(type); joined > 0)
    return ecdsa_from_der(signature, joined);
  return {signature.begin(), signature.end()};
}

// Halves that do not belong together would sign what nobody can verify; and an RSA signature by
// wrong factors gives the right ones away.
KeyResult<PrivateKey> proven(CheckedKey key, KeyLabels labels) {
  PublicKey public_key(std::make_shared<PublicKey::Parts>(key, std::move(labels)));
  PrivateKey made(std::make_shared<PrivateKey::Parts>(std::move(key), std::move(public_key)));
  constexpr std::string_view kProbe = "assay";
  const Algorithm algorithm = made.default_algorithm();
  if (!made.public_key().verify(algorithm, kProbe, made.sign(algorithm, kProbe)))
    return key_fault("the private and the public half of the key do not belong together");
  return made;
}

KeyResult<PrivateKey> parse_private_pem(std::string_view text) {
  constexpr std::string_view kExpected =
      "expected a private key: one block of PEM (PKCS #8, PKCS #1 or SEC 1), or a private JWK";
  if (text.size() > kPemBytesMax) return key_fault(std::string(kExpected));
  if (text.contains("ENCRYPTED"))
    return key_fault("the private key is encrypted: `openssl pkey -in FILE` decrypts it");
  const crypto::ErrorQueueCleaner cleaner;
  const crypto::BioHandle pem = crypto::reading_bio(text);
  crypto::KeyHandle key(
      PEM_read_bio_PrivateKey(pem.get(), nullptr, crypto::no_pass_phrase, nullptr));
  if (!key) return key_fault(std::string(kExpected));
  auto checked = CheckedKey::make(std::move(key));
  if (!checked) return std::unexpected(std::move(checked.error()));
  return proven(std::move(*checked), {});
}

KeyResult<PrivateKey> parse_private_jwk(std::string_view text) {
  const auto jwk = parse_jwk_object(text);
  if (!jwk) return std::unexpected(jwk.error());
  if (const auto signs = check_purpose(*jwk, "sign"); !signs) return std::unexpected(signs.error());
  auto key = read_key_material(*jwk, KeyHalf::with_private);
  if (!key) return std::unexpected(std::move(key.error()));
  auto labels = read_labels(*jwk, key->type());
  if (!labels) return std::unexpected(std::move(labels.error()));
  return proven(std::move(*key), std::move(*labels));
}

crypto::KeyHandle new_key(KeyType type) {
  if (type == KeyType::rsa)
    return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kRsaBitsGenerated));
  if (const EcdsaCurve* curve = ecdsa_curve(type))
    return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve->openssl_name));
  return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, edwards_curve(type)->openssl_name));
}

} // namespace

Algorithm PrivateKey::default_algorithm() const {
  if (const auto& own = public_key().algorithm()) return *own;
  switch (public_key().type()) {
  case KeyType::rsa: return Algorithm::rs256;
  case KeyType::ec_p256: return Algorithm::es256;
  case KeyType::ec_p384: return Algorithm::es384;
  case KeyType::ec_p521: return Algorithm::es512;
  case KeyType::ed25519:
  case KeyType::ed448: return Algorithm::eddsa;
  }
  ASSAY_ASSERT(false, "a KeyType");
}

const PublicKey& PrivateKey::public_key() const { return parts_->public_key; }

Secret PrivateKey::to_pem() const {
  const crypto::BioHandle bio = crypto::writing_bio();
  const bool written = PEM_write_bio_PKCS8PrivateKey(bio.get(), parts_->key.get(), nullptr, nullptr,
                                                     0, nullptr, nullptr) == 1;
  ASSAY_ASSERT(written, "a key that can be written");
  return Secret(crypto::written_text(*bio));
}

Secret PrivateKey::to_jwk() const {
  json::object jwk = public_members(parts_->key);
  for (const auto& member : private_members(parts_->key))
    jwk.insert(member);
  if (const auto& key_id = public_key().key_id()) jwk["kid"] = *key_id;
  if (const auto& algorithm = public_key().algorithm()) jwk["alg"] = name(*algorithm);
  return Secret(json::serialize(jwk));
}

std::string PrivateKey::sign(Algorithm algorithm, std::string_view signing_input) const {
  if (!public_key().accepts(algorithm)) return {};
  return signature_by(parts_->contexts.of(algorithm), parts_->key.type(), signing_input);
}

KeyResult<PrivateKey> parse_private_key(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_jwk = first != std::string_view::npos && text[first] == '{';
  return is_jwk ? parse_private_jwk(text) : parse_private_pem(text);
}

PrivateKey generate_private_key(KeyType type, std::optional<std::string> key_id) {
  auto checked = CheckedKey::make(new_key(type));
  ASSAY_ASSERT(checked.has_value(), "a new key that is fit to sign");
  auto made = proven(std::move(*checked), {.key_id = std::move(key_id), .algorithm = {}});
  ASSAY_ASSERT(made.has_value(), "a new key whose halves belong together");
  return std::move(*made);
}

} // namespace assay::jose
