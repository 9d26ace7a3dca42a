#include "support/tls_peer.h"

#include <array>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "crypto/memory_bio.h"
#include "crypto/openssl.h"

namespace assay::testing {

namespace {

using crypto::CertificateHandle;

[[noreturn]] void fail(const std::string& what) {
  const auto code = ERR_peek_error();
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  throw std::runtime_error(what + ": " + text.data());
}

CertificateHandle certificate_in(std::string_view pem) {
  const auto text = crypto::reading_bio(pem);
  return CertificateHandle(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
}

void use_certificate(SSL& session, const TlsPeerTraits& traits) {
  const auto text = crypto::reading_bio(traits.key_pem);
  const crypto::KeyHandle key(PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr));
  if (SSL_use_certificate(&session, certificate_in(traits.certificate_pem).get()) != 1 ||
      SSL_use_PrivateKey(&session, key.get()) != 1)
    fail("the client's certificate");
  if (!traits.chain_pem.empty())
    SSL_add0_chain_cert(&session, certificate_in(traits.chain_pem).release());
}

} // namespace

TlsPeer::TlsPeer(const TlsPeerTraits& traits)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), session_(nullptr, SSL_free) {
  SSL_CTX_set_security_level(context_.get(), 0);
  session_.reset(SSL_new(context_.get()));
  SSL_set_connect_state(session_.get());
  SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  if (traits.version_max != 0) {
    SSL_set_min_proto_version(session_.get(), TLS1_VERSION);
    SSL_set_max_proto_version(session_.get(), traits.version_max);
  }
  if (!traits.cipher_suites.empty() &&
      SSL_set_cipher_list(session_.get(), traits.cipher_suites.c_str()) != 1)
    fail("the cipher suites");
  if (!traits.protocol.empty()) {
    const std::string list = static_cast<char>(traits.protocol.size()) + traits.protocol;
    SSL_set_alpn_protos(session_.get(), crypto::bytes_of(list), static_cast<unsigned>(list.size()));
  }
  if (!traits.certificate_pem.empty()) use_certificate(*session_, traits);
  SSL_set_cert_cb(
      session_.get(),
      [](SSL*, void* asked) {
        *static_cast<bool*>(asked) = true;
        return 1;
      },
      &asked_);
}

void TlsPeer::take(std::string_view bytes) {
  if (!bytes.empty())
    BIO_write(SSL_get_rbio(session_.get()), bytes.data(), static_cast<int>(bytes.size()));
}

std::string TlsPeer::outgoing() {
  BIO* const wire = SSL_get_wbio(session_.get());
  std::string bytes(BIO_ctrl_pending(wire), '\0');
  if (!bytes.empty()) BIO_read(wire, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

bool TlsPeer::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(session_.get());
  if (done == 1) return true;
  if (SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_READ) fail("the handshake");
  return false;
}

void TlsPeer::write(std::string_view text) {
  if (SSL_write(session_.get(), text.data(), static_cast<int>(text.size())) <= 0) fail("writing");
}

std::string TlsPeer::read() {
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(session_.get(), piece.data(), piece.size());
    if (count <= 0) {
      const int error = SSL_get_error(session_.get(), count);
      if (error == SSL_ERROR_SSL) fail("reading");
      return text;
    }
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
}

bool TlsPeer::was_told_of_the_end() {
  return (SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void TlsPeer::ask_for_new_keys() {
  SSL_key_update(session_.get(), SSL_KEY_UPDATE_REQUESTED);
  SSL_do_handshake(session_.get());
}

bool TlsPeer::renegotiate() {
  return SSL_renegotiate(session_.get()) == 1 && SSL_do_handshake(session_.get()) != 1 &&
         SSL_get_error(session_.get(), -1) != SSL_ERROR_SSL;
}

void TlsPeer::end() { SSL_shutdown(session_.get()); }

std::string TlsPeer::version() const { return SSL_get_version(session_.get()); }

std::string TlsPeer::cipher_suite() const { return SSL_get_cipher_name(session_.get()); }

std::string TlsPeer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(session_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

std::string TlsPeer::server_certificate() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(SSL_get0_peer_certificate(session_.get()), &bytes);
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string TlsPeer::session() const {
  unsigned char* bytes = nullptr;
  const int size = i2d_SSL_SESSION(SSL_get_session(session_.get()), &bytes);
  std::string session(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return session;
}

void TlsPeer::resume(const std::string& session) {
  const unsigned char* at = crypto::bytes_of(session);
  const std::unique_ptr<SSL_SESSION, void (*)(SSL_SESSION*)> before(
      d2i_SSL_SESSION(nullptr, &at, static_cast<long>(session.size())), SSL_SESSION_free);
  SSL_set_session(session_.get(), before.get());
}

bool TlsPeer::is_resumed() const { return SSL_session_reused(session_.get()) == 1; }

} // namespace assay::testing
