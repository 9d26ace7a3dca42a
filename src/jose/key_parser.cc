// How public keys come in: as a JWK, a JWK Set, a certificate or a PEM public key.
#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "jose/evp_key.h"
#include "jose/jwk_members.h"
#include "jose/public_key.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

std::unexpected<KeyFault> fault(std::string what) {
  return std::unexpected(KeyFault{std::move(what)});
}

// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2, 6.4).
constexpr std::array<std::string_view, 8> kPrivateMembers{"d",  "p",  "q",   "dp",
                                                          "dq", "qi", "oth", "k"};

// RFC 7517 sections 4.2 and 4.3: what the key's owner says it is for.
KeyResult<void> check_use(const json::object& jwk) {
  const auto use = optional_text(jwk, "use");
  if (!use) return std::unexpected(use.error());
  if (*use && **use != "sig") return fault("the member use must be sig: the key is for signatures");
  const json::value* operations = jwk.if_contains("key_ops");
  if (!operations) return {};
  const auto* list = operations->if_array();
  const bool verifies = list && std::ranges::any_of(*list, [](const json::value& operation) {
                          return operation.is_string() && operation.as_string() == "verify";
                        });
  if (!verifies) return fault("the member key_ops must be a list with verify in it");
  return {};
}

KeyResult<crypto::KeyHandle> checked(crypto::KeyHandle key) {
  if (!key) return fault("the key cannot be read");
  const auto type = type_of(*key);
  if (!type) return fault("the key must be RSA, or on P-256, P-384, P-521, Ed25519 or Ed448");
  if (const auto strong = check_strength(*key, *type); !strong)
    return std::unexpected(strong.error());
  return key;
}

// Whether a set's key is one that RFC 7517 section 5 wants skipped rather than refused.
bool is_for_others(const json::object& jwk) {
  const auto text = [&](std::string_view name) {
    const json::value* value = jwk.if_contains(name);
    return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
  };
  if (text("use") == "enc") return true;
  const std::string_view type = text("kty");
  if (type == "EC" || type == "OKP") {
    constexpr std::array<std::string_view, 5> kKnown{"P-256", "P-384", "P-521", "Ed25519", "Ed448"};
    return std::ranges::find(kKnown, text("crv")) == kKnown.end();
  }
  return type != "RSA" && !type.empty();
}

TimePoint to_time_point(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

std::string one_line(const X509_NAME* name) {
  const crypto::BioHandle memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

CertificateFacts facts_of(const X509& certificate) {
  CertificateFacts facts;
  facts.not_before = to_time_point(X509_get0_notBefore(&certificate));
  facts.not_after = to_time_point(X509_get0_notAfter(&certificate));
  facts.subject = one_line(X509_get_subject_name(&certificate));
  facts.issuer = one_line(X509_get_issuer_name(&certificate));
  const crypto::BignumHandle serial(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(&certificate), nullptr));
  if (char* text = BN_bn2hex(serial.get())) {
    facts.serial = text;
    OPENSSL_free(text);
  }
  std::array<unsigned char, crypto::Digest::kBytes> thumbprint{};
  X509_digest(&certificate, EVP_sha256(), thumbprint.data(), nullptr);
  facts.thumbprint = crypto::Digest(thumbprint);
  return facts;
}

crypto::BioHandle reading(std::string_view text) {
  return crypto::BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

KeyResult<PublicKey> certificate_key(std::string_view text) {
  const crypto::BioHandle memory = reading(text);
  const crypto::CertificateHandle certificate(
      PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!certificate) return fault("the certificate cannot be read");
  auto key = checked(crypto::KeyHandle(X509_get_pubkey(certificate.get())));
  if (!key) return std::unexpected(key.error());
  const KeyType type = *type_of(**key);
  auto parts = public_parts(std::move(*key), type);
  parts->certificate = facts_of(*certificate);
  return PublicKey(std::move(parts));
}

std::size_t occurrences(std::string_view text, std::string_view of) {
  std::size_t count = 0;
  for (std::size_t at = text.find(of); at != std::string_view::npos; at = text.find(of, at + 1))
    ++count;
  return count;
}

} // namespace

KeyResult<PublicKey> parse_jwk(const json::object& jwk) {
  for (const std::string_view member : kPrivateMembers)
    if (jwk.contains(member))
      return fault(
          fmt::format("this is a private or a secret key (it has the member {}): register its "
                      "public half alone, and treat this one as leaked",
                      member));
  if (const auto use = check_use(jwk); !use) return std::unexpected(use.error());
  auto key_id = read_key_id(jwk);
  if (!key_id) return std::unexpected(key_id.error());

  auto key = evp_key_from_jwk(jwk, KeyHalf::public_only);
  if (key) key = checked(std::move(*key));
  ERR_clear_error();
  if (!key) return std::unexpected(key.error());
  const KeyType type = *type_of(**key);
  const auto algorithm = read_algorithm(jwk, type);
  if (!algorithm) return std::unexpected(algorithm.error());

  auto parts = public_parts(std::move(*key), type);
  parts->key_id = std::move(*key_id);
  parts->algorithm = *algorithm;
  return PublicKey(std::move(parts));
}

KeyResult<PublicKey> parse_jwk(std::string_view text) {
  const auto value = parse_strict_json(text);
  if (!value)
    return fault(fmt::format("not JSON: {} at byte {}", value.error().what, value.error().offset));
  if (!value->is_object()) return fault("a JWK is a JSON object");
  return parse_jwk(value->as_object());
}

KeyResult<std::vector<PublicKey>> parse_jwk_set(std::string_view text) {
  const auto value = parse_strict_json(text);
  if (!value)
    return fault(fmt::format("not JSON: {} at byte {}", value.error().what, value.error().offset));
  const auto* set = value->if_object();
  const json::value* keys = set ? set->if_contains("keys") : nullptr;
  if (!keys || !keys->is_array()) return fault("a JWK Set is a JSON object with a list of keys");
  if (keys->as_array().size() > kKeysInSetMax)
    return fault(fmt::format("a JWK Set may have at most {} keys", kKeysInSetMax));

  std::vector<PublicKey> parsed;
  for (std::size_t at = 0; at < keys->as_array().size(); ++at) {
    const auto* jwk = keys->as_array()[at].if_object();
    if (!jwk) return fault(fmt::format("keys[{}] is no JSON object", at));
    if (is_for_others(*jwk)) continue;
    auto key = parse_jwk(*jwk);
    if (!key) return fault(fmt::format("keys[{}]: {}", at, key.error().what));
    parsed.push_back(std::move(*key));
  }
  if (parsed.empty()) return fault("the JWK Set has no key that can verify a signature here");
  return parsed;
}

KeyResult<PublicKey> parse_pem(std::string_view text) {
  if (occurrences(text, "PRIVATE KEY-----") > 0)
    return fault("this is a private key: register its certificate or public key, and treat this "
                 "one as leaked");
  if (occurrences(text, "-----BEGIN ") != 1)
    return fault("expected exactly one PEM block, a CERTIFICATE or a PUBLIC KEY");
  if (text.contains("-----BEGIN CERTIFICATE-----")) return certificate_key(text);

  const crypto::BioHandle memory = reading(text);
  auto key =
      checked(crypto::KeyHandle(PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr)));
  ERR_clear_error();
  if (!key) return std::unexpected(key.error());
  const KeyType type = *type_of(**key);
  return PublicKey(public_parts(std::move(*key), type));
}

} // namespace assay::jose
