#include "crypto/tls_context.h"

#include <array>
#include <ctime>
#include <span>
#include <utility>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/assert.h"
#include "crypto/memory_bio.h"
#include "crypto/openssl.h"

namespace assay::crypto {

namespace {

// Forward secrecy and authenticated encryption alone; those of TLS 1.3 are all like that.
constexpr const char* kCipherSuites12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";

// The protocols that are spoken here, as RFC 7301 section 3.1 writes the list.
constexpr std::array<unsigned char, 9> kProtocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// 112 bits at least: RSA and DH of 2048, no SHA-1 in signatures.
constexpr int kSecurityLevel = 2;

// A chain of RSA-4096 certificates, amply. Without the limit a client makes the server keep and
// parse whatever it sends before it is anybody.
constexpr long kClientChainBytesMax = 32L * 1024;

// A client that offers protocols and not this one speaks something else, or was made to connect
// here in the place of another server (the ALPACA attack): no connection (RFC 7301 section 3.2).
// NOLINTNEXTLINE(readability-function-size): the parameters are OpenSSL's.
int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* chosen_bytes,
                    const unsigned char* offered, unsigned offered_bytes, void* /*context*/) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_bytes, kProtocols.data(), kProtocols.size(), offered,
                            offered_bytes) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// The handshake proves that the client has the key; whether somebody vouches for it is looked at
// afterwards, as self-signed certificates are welcome too (RFC 8705 section 2.2).
int accept_for_now(X509_STORE_CTX* /*verification*/, void* /*context*/) { return 1; }

void set_rules(SSL_CTX& context) {
  SSL_CTX_set_security_level(&context, kSecurityLevel);
  SSL_CTX_set_options(&context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                    SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS);
  // Resumption is by tickets alone: nothing is kept here for clients that never come back.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(&context, choose_protocol, nullptr);
  const bool set = SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_cipher_list(&context, kCipherSuites12) == 1 &&
                   SSL_CTX_set1_groups_list(&context, kGroups) == 1;
  ASSAY_ASSERT(set, "OpenSSL knows these names");
}

void ask_for_certificates(SSL_CTX& context) {
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(&context, accept_for_now, nullptr);
  SSL_CTX_set_max_cert_list(&context, kClientChainBytesMax);
  // A resumed session would show a certificate that has expired since, or whose CA is trusted no
  // longer.
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(&context, 0);
}

TimePoint time_of(const ASN1_TIME& time) {
  std::tm parts{};
  const bool is_readable = ASN1_TIME_to_tm(&time, &parts) == 1;
  ASSAY_ASSERT(is_readable, "OpenSSL has parsed the certificate");
  return TimePoint{std::chrono::seconds(timegm(&parts))};
}

CertificateHandle read_certificate(BIO& text) {
  return CertificateHandle(PEM_read_bio_X509(&text, nullptr, no_pass_phrase, nullptr));
}

// The first is the server's own.
std::string use_chain(SSL_CTX& context, std::string_view pem) {
  const BioHandle text = reading_bio(pem);
  const CertificateHandle own = read_certificate(*text);
  if (!own) return "the certificate is not one in PEM";
  if (SSL_CTX_use_certificate(&context, own.get()) != 1)
    return "the certificate's key or signature is too weak";
  while (CertificateHandle next = read_certificate(*text))
    if (SSL_CTX_add0_chain_cert(&context, next.get()) == 1)
      static_cast<void>(next.release());
    else
      return "a certificate of the chain is too weak";
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  return at_end ? "" : "the certificate is followed by something else than certificates in PEM";
}

std::string use_key(SSL_CTX& context, std::string_view pem) {
  const BioHandle text = reading_bio(pem);
  const KeyHandle key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_pass_phrase, nullptr));
  if (!key) return "the key is not one in PEM without a pass phrase";
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 || SSL_CTX_check_private_key(&context) != 1)
    return "the key is not the certificate's";
  return "";
}

} // namespace

std::expected<TlsContext, std::string> TlsContext::of(Parts parts) {
  const ErrorQueueCleaner cleaner;
  TlsContext context;
  context.handle_ = {SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  ASSAY_ASSERT(context.handle_ != nullptr, "memory");
  set_rules(*context.handle_);
  if (parts.ask_client_certificate) ask_for_certificates(*context.handle_);

  std::string fault = use_chain(*context.handle_, parts.certificate_pem);
  if (fault.empty()) fault = use_key(*context.handle_, parts.key_pem);
  if (!fault.empty()) return std::unexpected(std::move(fault));

  context.client_trust_ = std::move(parts.client_trust);
  context.expires_at_ =
      time_of(*X509_get0_notAfter(SSL_CTX_get0_certificate(context.handle_.get())));
  return context;
}

} // namespace assay::crypto
