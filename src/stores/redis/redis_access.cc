#include "stores/redis/redis_access.h"

#include <string>
#include <utility>

#include <boost/asio/ssl/verify_mode.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include "base/unavailable.h"
#include "stores/file/durable_file.h"

namespace assay::stores {

namespace {

constexpr std::size_t kPasswordBytesMax = 4096;

Secret password_in(const std::filesystem::path& file) {
  const auto content = read_file(file, kPasswordBytesMax);
  if (!content) throw Unavailable(fmt::format("there is no file {}", file.native()));
  std::string_view text = content->text;
  while (text.ends_with('\n') || text.ends_with('\r'))
    text.remove_suffix(1);
  if (text.empty()) throw Unavailable(fmt::format("{} holds no password", file.native()));
  return Secret(std::string(text));
}

// TLS 1.2 at the least; the server proves who it is.
asio::ssl::context tls_context(const RedisUrl& url, const std::filesystem::path& folder) {
  using Context = asio::ssl::context;
  Context context(Context::tls_client);
  context.set_options(Context::default_workarounds | Context::no_sslv2 | Context::no_sslv3 |
                      Context::no_tlsv1 | Context::no_tlsv1_1);
  context.set_verify_mode(asio::ssl::verify_peer);
  std::string name;
  try {
    if (url.ca_file.empty()) {
      context.set_default_verify_paths();
    } else {
      name = folder / url.ca_file;
      context.load_verify_file(name);
    }
    if (!url.certificate_file.empty()) {
      name = folder / url.certificate_file;
      context.use_certificate_chain_file(name);
      name = folder / url.key_file;
      context.use_private_key_file(name, Context::pem);
    }
  } catch (const boost::system::system_error& fault) {
    throw Unavailable(fmt::format("{}: {}", name, fault.code().message()));
  }
  return context;
}

} // namespace

RedisAccess::RedisAccess(RedisUrl given, const std::filesystem::path& folder)
    : url(std::move(given)), password(url.password) {
  if (!url.password_file.empty()) password = password_in(folder / url.password_file);
  if (url.transport == RedisTransport::tls) tls.emplace(tls_context(url, folder));
}

} // namespace assay::stores
