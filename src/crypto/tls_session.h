// The server's end of one TLS connection, without the connection: bytes of the wire go in and come
// out as text, and whoever owns the socket carries them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "crypto/peer_certificate.h"
#include "crypto/tls_context.h"

struct ssl_st;

namespace assay::crypto {

// For one thread at a time. After every call there may be something in outgoing(), which has to
// reach the peer in this order, alerts too.
class TlsSession {
public:
  explicit TlsSession(std::shared_ptr<const TlsContext> context);

  // Bytes of the wire, whatever pieces they come in.
  void take(std::string_view arrived);

  enum class Handshake { waiting, done, failed, plain_http }; // waiting: for more to take()
  // Goes as far as what was taken allows.
  Handshake shake_hands();

  // What the peer said, as much as is here and fits: 0 waits for more to take(). None: the peer has
  // ended the session, or broken its rules. After the handshake.
  std::optional<std::size_t> read(std::span<char> room);

  // Says it to the peer. After the handshake; of no effect once the session is broken.
  void write(std::string_view text);

  // Tells the peer that nothing more follows (close_notify, RFC 8446 section 6.1), without which a
  // cut connection looks like an end (the truncation attack).
  void end();

  // For the wire; stands until the next call but for sent().
  std::string_view outgoing() const;
  void sent(); // outgoing() is on its way

  // After the handshake; null if the client has none.
  std::shared_ptr<const PeerCertificate> peer_certificate(TimePoint now) const;

private:
  struct Freed {
    void operator()(ssl_st* session) const;
  };

  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<ssl_st, Freed> session_;
  bool over_ = false; // the peer says nothing more
};

} // namespace assay::crypto
