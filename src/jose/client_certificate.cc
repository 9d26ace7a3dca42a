#include "jose/client_certificate.h"

#include <array>
#include <memory>
#include <utility>

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include "crypto/openssl.h"
#include "jose/certificate.h"
#include "jose/checked_key.h"
#include "jose/public_key_parts.h"

namespace assay::jose {

namespace {

constexpr int kIpv4Bytes = 4;
constexpr int kIpv6Bytes = 16;

using NamesHandle = std::unique_ptr<GENERAL_NAMES, crypto::Freed<GENERAL_NAMES_free>>;

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::optional<std::string> address_text(int family, const void* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (!inet_ntop(family, bytes, text.data(), text.size())) return std::nullopt;
  return text.data();
}

void add_address(const ASN1_STRING* address, ClientCertificate& certificate) {
  const int bytes = ASN1_STRING_length(address);
  if (bytes != kIpv4Bytes && bytes != kIpv6Bytes) return;
  const int family = bytes == kIpv4Bytes ? AF_INET : AF_INET6;
  if (auto text = address_text(family, ASN1_STRING_get0_data(address)))
    certificate.ip_addresses.push_back(std::move(*text));
}

// Names of other kinds identify nobody here.
void add_names(const X509& holder, ClientCertificate& certificate) {
  const NamesHandle names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&holder, NID_subject_alt_name, nullptr, nullptr)));
  for (int index = 0; index < sk_GENERAL_NAME_num(names.get()); ++index) {
    int type = 0;
    const void* const value =
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), index), &type);
    const auto* const text = static_cast<const ASN1_STRING*>(value);
    if (type == GEN_DNS) certificate.dns_names.push_back(text_of(text));
    if (type == GEN_URI) certificate.uris.push_back(text_of(text));
    if (type == GEN_EMAIL) certificate.emails.push_back(text_of(text));
    if (type == GEN_IPADD) add_address(text, certificate);
  }
}

// A certificate is DER (RFC 5280 section 4.1): in another encoding, which anyone can make of it,
// the same certificate would have a second thumbprint.
bool is_encoded_as(const X509& certificate, std::string_view der) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  const crypto::BytesHandle encoded(bytes);
  if (size < 0) return false;
  return der ==
         std::string_view(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

} // namespace

KeyResult<ClientCertificate> parse_client_certificate(std::string_view der) {
  const crypto::ErrorQueueCleaner cleaner;
  if (der.size() > kCertificateBytesMax) return key_fault("the certificate is too long");
  const unsigned char* at = crypto::bytes_of(der);
  const crypto::CertificateHandle holder(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!holder || !is_encoded_as(*holder, der)) return key_fault("the certificate cannot be read");
  auto facts = certificate_facts(*holder);
  if (!facts) return std::unexpected(std::move(facts.error()));
  auto key = CheckedKey::make(crypto::KeyHandle(X509_get_pubkey(holder.get())));
  if (!key) return std::unexpected(std::move(key.error()));

  ClientCertificate certificate{
      .thumbprint = facts->thumbprint,
      .key_thumbprint = PublicKey(std::make_shared<PublicKey::Parts>(std::move(*key))).thumbprint(),
      .not_before = facts->not_before,
      .not_after = facts->not_after,
      .subject = std::move(facts->subject),
      .subject_name = DistinguishedName(*X509_get_subject_name(holder.get())),
      .dns_names = {},
      .uris = {},
      .ip_addresses = {},
      .emails = {}};
  add_names(*holder, certificate);
  return certificate;
}

std::optional<std::string> canonical_ip_address(const std::string& text) {
  std::array<unsigned char, kIpv6Bytes> bytes{};
  for (const int family : {AF_INET, AF_INET6})
    if (inet_pton(family, text.c_str(), bytes.data()) == 1)
      return address_text(family, bytes.data());
  return std::nullopt;
}

} // namespace assay::jose
