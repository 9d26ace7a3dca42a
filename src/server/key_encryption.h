// The secret that encrypts the signing keys in the registry.
#pragma once

#include <filesystem>
#include <string>

#include "base/secret.h"

namespace assay::server {

inline constexpr std::size_t kKeyEncryptionBytesMin = 32;

// `place` is the setting signing_keys.encryption_key: file:PATH, relative to the data folder, or
// env:NAME. A file that is not there is made, for its owner alone. White space around the text does
// not count. Throws Unavailable with a sentence for the operator, also if the text is shorter than
// kKeyEncryptionBytesMin.
Secret key_encryption_secret(const std::string& place, const std::filesystem::path& folder);

} // namespace assay::server
