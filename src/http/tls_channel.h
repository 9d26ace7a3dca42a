// TLS between a connection and its socket: what the connection reads and writes in the clear goes
// over the wire sealed.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/task.h"
#include "crypto/tls_session.h"
#include "http/socket.h"

namespace assay::http {

// For one thread. The socket outlives it.
class TlsChannel {
public:
  TlsChannel(Socket& socket, std::shared_ptr<const crypto::TlsContext> context);

  // False if nothing more is to be said on this connection; the client has been told why.
  Task<bool> shake_hands();

  // What the client proved itself with; null: nothing.
  std::shared_ptr<const crypto::PeerCertificate> client_certificate() const;

  // Waits for text of the client; an error once it has ended the session.
  Task<Received> receive(std::span<char> room);

  // What has to go over the wire to say that; stands until the next of these calls. All of it is
  // sent before anything else is called.
  std::string_view seal(std::string_view text);
  std::string_view seal_end();

private:
  // False when the wire is broken.
  Task<bool> flush();
  Task<bool> take_more();
  std::string_view take_outgoing();

  Socket& socket_;
  crypto::TlsSession session_;
  std::unique_ptr<char[]> arrived_;
  std::string sealed_;
};

} // namespace assay::http
