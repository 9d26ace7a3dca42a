#include "server/certificate_files.h"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/unavailable.h"
#include "stores/file/durable_file.h"

namespace assay::server {

namespace {

constexpr std::size_t kFileBytesMax = 4UZ * 1024 * 1024;

std::string read_named(const std::filesystem::path& folder, std::string_view setting,
                       const std::string& file) {
  auto content = stores::read_file(folder / file, kFileBytesMax);
  if (!content) throw Unavailable(fmt::format("{}: there is no {}", setting, file));
  return std::move(content->text);
}

} // namespace

std::shared_ptr<const crypto::CertificateTrust>
read_client_trust(const std::filesystem::path& folder, std::string_view setting,
                  const std::string& file) {
  if (file.empty()) return nullptr;
  auto trust = crypto::CertificateTrust::of_pem(read_named(folder, setting, file));
  if (!trust) throw Unavailable(fmt::format("{}: {}: {}", setting, file, trust.error()));
  return std::make_shared<const crypto::CertificateTrust>(std::move(*trust));
}

std::shared_ptr<const crypto::TlsContext> read_tls(const std::filesystem::path& folder,
                                                   const TlsSettings& settings) {
  if (settings.certificate.empty()) return nullptr;
  const std::string certificate =
      read_named(folder, "listen.tls.certificate", settings.certificate);
  const std::string key = read_named(folder, "listen.tls.key", settings.key);
  const auto trust = read_client_trust(folder, "listen.tls.client_ca", settings.client_ca);

  crypto::TlsContext::Parts parts{.certificate_pem = certificate,
                                  .key_pem = key,
                                  .ask_client_certificate = settings.ask_client_certificate};
  if (trust) parts.client_trust = *trust;
  auto context = crypto::TlsContext::of(std::move(parts));
  if (!context)
    throw Unavailable(fmt::format("listen.tls: {} and {}: {}", settings.certificate, settings.key,
                                  context.error()));
  return std::make_shared<const crypto::TlsContext>(std::move(*context));
}

} // namespace assay::server
