#include "crypto/tls_session.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <openssl/ssl.h>

#include "base/assert.h"
#include "crypto/openssl.h"

namespace assay::crypto {

namespace {

// Holds bytes of the wire; empty, it says that more may come.
BIO* wire_memory() {
  BIO* const memory = BIO_new(BIO_s_mem());
  ASSAY_ASSERT(memory != nullptr, "memory");
  return memory;
}

std::string der_of(const X509& certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(&certificate, &bytes);
  ASSAY_ASSERT(size > 0, "OpenSSL has parsed it");
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

// In the clear, or still as it came.
bool has_unread(const SSL& session) {
  return SSL_pending(&session) > 0 || BIO_ctrl_pending(SSL_get_rbio(&session)) > 0;
}

// Those that came after the client's own.
std::vector<std::string> certificates_between(const SSL& session) {
  std::vector<std::string> between;
  // On the server's side OpenSSL leaves the client's own out of the chain.
  const STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(&session);
  const int count = std::max(sk_X509_num(chain), 0); // -1 where there is no chain
  between.reserve(static_cast<std::size_t>(count));
  for (int at = 0; at < count; ++at)
    between.push_back(der_of(*sk_X509_value(chain, at)));
  return between;
}

} // namespace

void TlsSession::Freed::operator()(ssl_st* session) const { SSL_free(session); }

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context)
    : context_(std::move(context)), session_(SSL_new(context_->handle())) {
  ASSAY_ASSERT(session_ != nullptr, "memory");
  SSL_set_bio(session_.get(), wire_memory(), wire_memory());
  SSL_set_accept_state(session_.get());
}

void TlsSession::take(std::string_view arrived) {
  std::size_t taken = 0;
  const int done =
      BIO_write_ex(SSL_get_rbio(session_.get()), arrived.data(), arrived.size(), &taken);
  ASSAY_ASSERT(arrived.empty() || (done == 1 && taken == arrived.size()), "memory");
}

TlsSession::Handshake TlsSession::shake_hands() {
  const ErrorQueueCleaner cleaner;
  const int done = SSL_do_handshake(session_.get());
  if (done == 1) return Handshake::done;
  if (SSL_get_error(session_.get(), done) == SSL_ERROR_WANT_READ) return Handshake::waiting;
  return ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST ? Handshake::plain_http
                                                                : Handshake::failed;
}

// OpenSSL is asked only when there is something for it: to find out from it that there is nothing
// costs as much as a short text.
std::optional<std::size_t> TlsSession::read(std::span<char> room) {
  const ErrorQueueCleaner cleaner;
  std::size_t total = 0;
  while (!over_ && total < room.size() && has_unread(*session_)) {
    std::size_t count = 0;
    const int done = SSL_read_ex(session_.get(), room.data() + total, room.size() - total, &count);
    over_ = done != 1 && SSL_get_error(session_.get(), done) != SSL_ERROR_WANT_READ;
    total += count;
  }
  if (over_ && total == 0) return std::nullopt;
  return total;
}

void TlsSession::write(std::string_view text) {
  const ErrorQueueCleaner cleaner;
  std::size_t written = 0;
  if (!text.empty()) SSL_write_ex(session_.get(), text.data(), text.size(), &written);
}

void TlsSession::end() {
  const ErrorQueueCleaner cleaner;
  SSL_shutdown(session_.get());
}

std::string_view TlsSession::outgoing() const {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(SSL_get_wbio(session_.get()), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

void TlsSession::sent() { BIO_reset(SSL_get_wbio(session_.get())); }

std::shared_ptr<const PeerCertificate> TlsSession::peer_certificate(TimePoint now) const {
  const X509* const certificate = SSL_get0_peer_certificate(session_.get());
  if (certificate == nullptr) return nullptr;
  auto peer = std::make_shared<PeerCertificate>();
  peer->der = der_of(*certificate);
  const auto& trust = context_->client_trust();
  peer->is_trusted = trust && trust->trusts(peer->der, certificates_between(*session_), now);
  return peer;
}

} // namespace assay::crypto
