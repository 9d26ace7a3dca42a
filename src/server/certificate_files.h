// The certificates that stand in files of the data folder. Each call reads anew; all throw
// Unavailable with a sentence that names the setting and the file.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/certificate_trust.h"
#include "crypto/tls_context.h"
#include "server/settings.h"

namespace assay::server {

// The CAs in the file that the setting names; null if it names none.
std::shared_ptr<const crypto::CertificateTrust>
read_client_trust(const std::filesystem::path& folder, std::string_view setting,
                  const std::string& file);

// Null if there is to be no TLS.
std::shared_ptr<const crypto::TlsContext> read_tls(const std::filesystem::path& folder,
                                                   const TlsSettings& settings);

} // namespace assay::server
