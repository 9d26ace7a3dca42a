#include "jose/private_key.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/assert.h"
#include "jose/ecdsa_signature.h"
#include "jose/evp_key.h"
#include "jose/jwk_members.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

struct PrivateKey::Parts {
  crypto::KeyHandle key;
  PublicKey public_key;
};

namespace {

constexpr int kRsaBitsMade = 2048;

std::unexpected<KeyFault> fault(std::string what) {
  return std::unexpected(KeyFault{std::move(what)});
}

crypto::KeyHandle another_handle_on(const crypto::KeyHandle& key) {
  EVP_PKEY_up_ref(key.get());
  return crypto::KeyHandle(key.get());
}

KeyResult<PrivateKey> finished(crypto::KeyHandle key, std::optional<std::string> key_id,
                               std::optional<Algorithm> algorithm) {
  const auto type = type_of(*key);
  if (!type) return fault("the key must be RSA, or on P-256, P-384, P-521, Ed25519 or Ed448");
  if (const auto strong = check_strength(*key, *type); !strong)
    return std::unexpected(strong.error());
  auto parts = public_parts(another_handle_on(key), *type);
  parts->key_id = std::move(key_id);
  parts->algorithm = algorithm;
  return PrivateKey(
      std::make_shared<const PrivateKey::Parts>(std::move(key), PublicKey(std::move(parts))));
}

// A passphrase is never asked for: there may be nobody at the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

KeyResult<PrivateKey> parse_private_pem(std::string_view text) {
  const crypto::BioHandle memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  crypto::KeyHandle key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key)
    return fault("expected a private key as unencrypted PEM (PKCS #8, PKCS #1 or SEC 1) or as a "
                 "private JWK");
  return finished(std::move(key), {}, {});
}

KeyResult<PrivateKey> parse_private_jwk(std::string_view text) {
  const auto value = parse_strict_json(text);
  if (!value)
    return fault(fmt::format("not JSON: {} at byte {}", value.error().what, value.error().offset));
  const json::object* jwk = value->if_object();
  if (!jwk) return fault("a JWK is a JSON object");
  if (!jwk->contains("d")) return fault("this is no private key: the member d is missing");

  auto key = evp_key_from_jwk(*jwk, KeyHalf::with_private);
  ERR_clear_error();
  if (!key) return std::unexpected(std::move(key.error()));
  if (!*key) return fault("the key cannot be read");
  const auto type = type_of(**key);
  if (!type) return fault("the key must be RSA, or on P-256, P-384, P-521, Ed25519 or Ed448");
  auto key_id = read_key_id(*jwk);
  if (!key_id) return std::unexpected(std::move(key_id.error()));
  const auto algorithm = read_algorithm(*jwk, *type);
  if (!algorithm) return std::unexpected(algorithm.error());
  return finished(std::move(*key), std::move(*key_id), *algorithm);
}

crypto::KeyHandle generated(KeyType type) {
  switch (type) {
  case KeyType::rsa:
    return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{kRsaBitsMade}));
  case KeyType::ec_p256:
  case KeyType::ec_p384:
  case KeyType::ec_p521:
    return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve_name(type)));
  case KeyType::ed25519: return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  case KeyType::ed448: return crypto::KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  }
  ASSAY_ASSERT(false, "a KeyType");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

Algorithm PrivateKey::default_algorithm() const {
  if (const auto& algorithm = public_key().algorithm()) return *algorithm;
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
  const crypto::BioHandle memory(BIO_new(BIO_s_secmem()));
  const int written = PEM_write_bio_PKCS8PrivateKey(memory.get(), parts_->key.get(), nullptr,
                                                    nullptr, 0, nullptr, nullptr);
  ASSAY_ASSERT(written == 1, "a private key that can be written");
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return Secret(std::string(text, static_cast<std::size_t>(length)));
}

Secret PrivateKey::to_jwk() const {
  const PublicKey& half = public_key();
  json::object jwk = public_members(*parts_->key, half.type());
  for (auto& [name, value] : private_members(*parts_->key, half.type()))
    jwk[name] = value;
  if (half.key_id()) jwk["kid"] = *half.key_id();
  if (half.algorithm()) jwk["alg"] = name(*half.algorithm());
  return Secret(json::serialize(jwk));
}

std::string PrivateKey::sign(Algorithm algorithm, std::string_view signing_input) const {
  if (!public_key().accepts(algorithm)) return {};
  const crypto::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr; // owned by the context
  std::array<unsigned char, kRsaBitsMax / 8> signature{};
  std::size_t length = signature.size();
  const bool done = EVP_DigestSignInit(context.get(), &padding, digest_of(algorithm), nullptr,
                                       parts_->key.get()) == 1 &&
                    set_padding(padding, algorithm) &&
                    EVP_DigestSign(context.get(), signature.data(), &length,
                                   bytes_of(signing_input), signing_input.size()) == 1;
  ASSAY_ASSERT(done, "a signature by a key that fits its algorithm");
  const std::span made(signature.data(), length);
  if (const std::size_t joined = ecdsa_signature_bytes(public_key().type()); joined > 0)
    return ecdsa_from_der(made, joined);
  return {reinterpret_cast<const char*>(made.data()), made.size()};
}

KeyResult<PrivateKey> parse_private_key(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_jwk = first != std::string_view::npos && text[first] == '{';
  return is_jwk ? parse_private_jwk(text) : parse_private_pem(text);
}

PrivateKey generate_private_key(KeyType type, std::optional<std::string> key_id) {
  crypto::KeyHandle key = generated(type);
  ASSAY_ASSERT(key != nullptr, "a new key from OpenSSL");
  auto made = finished(std::move(key), std::move(key_id), {});
  ASSAY_ASSERT(made.has_value(), "a new key that is strong enough");
  return std::move(*made);
}

} // namespace assay::jose
