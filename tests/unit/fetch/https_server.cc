#include "unit/fetch/https_server.h"

#include <array>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string_view>

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/memory_bio.h"
#include "support/certificates.h"

namespace assay::fetch {

namespace {

using ContextHandle = std::unique_ptr<SSL_CTX, crypto::Freed<SSL_CTX_free>>;
using SessionHandle = std::unique_ptr<SSL, crypto::Freed<SSL_free>>;

void must(bool done) {
  if (!done) throw std::runtime_error("the HTTPS server of the test cannot be made");
}

ContextHandle context_for(const std::string& private_key, const std::string& certificate) {
  const auto reading_key = crypto::reading_bio(private_key);
  const auto reading_certificate = crypto::reading_bio(certificate);
  const crypto::KeyHandle key(
      PEM_read_bio_PrivateKey(reading_key.get(), nullptr, nullptr, nullptr));
  const crypto::CertificateHandle chain(
      PEM_read_bio_X509(reading_certificate.get(), nullptr, nullptr, nullptr));
  ContextHandle context(SSL_CTX_new(TLS_server_method()));
  must(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  must(SSL_CTX_use_certificate(context.get(), chain.get()) == 1);
  return context;
}

void answer_session(SSL& session, const std::string& answer) {
  if (SSL_accept(&session) != 1) return;
  std::string request;
  std::array<char, 1024> bytes{};
  while (!request.contains("\r\n\r\n")) {
    const int count = SSL_read(&session, bytes.data(), bytes.size());
    if (count <= 0) return;
    request.append(bytes.data(), static_cast<std::size_t>(count));
  }
  SSL_write(&session, answer.data(), static_cast<int>(answer.size()));
  SSL_shutdown(&session);
}

} // namespace

HttpsServer::HttpsServer(const jose::PrivateKey& key, std::string answer)
    : private_key_(key.to_pem().reveal()),
      certificate_(testing::certificate_for(key, {.common_name = "127.0.0.1"})),
      answer_(std::move(answer)), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to clients that have hung up
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  must(::bind(listening_, any, size) == 0 && ::listen(listening_, SOMAXCONN) == 0);
  must(::getsockname(listening_, any, &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpsServer::~HttpsServer() {
  ::shutdown(listening_, SHUT_RDWR); // ends accept()
  thread_.join();
  ::close(listening_);
}

std::string HttpsServer::url() const {
  return "https://127.0.0.1:" + std::to_string(port_) + "/keys";
}

void HttpsServer::serve() {
  const ContextHandle context = context_for(private_key_, certificate_);
  while (true) {
    const int accepted = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    ++connections_;
    const SessionHandle session(SSL_new(context.get()));
    SSL_set_fd(session.get(), accepted);
    answer_session(*session, answer_);
    ::close(accepted);
  }
}

std::string http_answer(const std::string& head, const std::string& body) {
  return head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace assay::fetch
