// A TLS client without a connection, made by OpenSSL alone.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace assay::testing {

struct TlsPeerTraits {
  std::string certificate_pem = {}; // none
  std::string key_pem = {};
  std::string chain_pem = {};     // one certificate after its own
  int version_max = 0;            // TLS1_2_VERSION and such; 0: the latest
  std::string cipher_suites = {}; // of TLS 1.2
  std::string protocol = {};      // the one offered (ALPN)
};

class TlsPeer {
public:
  explicit TlsPeer(const TlsPeerTraits& traits = {});

  // Bytes of the wire.
  void take(std::string_view bytes);
  std::string outgoing(); // and forgets them

  // True once it is done; throws std::runtime_error when it fails.
  bool shake_hands();

  void write(std::string_view text);
  std::string read();         // what is here
  bool was_told_of_the_end(); // by close_notify
  void ask_for_new_keys();    // TLS 1.3
  bool renegotiate();         // TLS 1.2: whether it began at all
  void end();

  std::string version() const;
  std::string cipher_suite() const;
  std::string protocol() const;
  std::string server_certificate() const; // DER
  bool was_asked_for_a_certificate() const { return asked_; }

  // To resume that session later.
  std::string session() const;
  void resume(const std::string& session);
  bool is_resumed() const;

private:
  std::unique_ptr<ssl_ctx_st, std::function<void(ssl_ctx_st*)>> context_;
  std::unique_ptr<ssl_st, std::function<void(ssl_st*)>> session_;
  bool asked_ = false;
};

} // namespace assay::testing
