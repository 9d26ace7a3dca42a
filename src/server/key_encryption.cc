#include "server/key_encryption.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/unavailable.h"
#include "crypto/random.h"
#include "stores/file/durable_file.h"
#include "stores/file/file_lock.h"

namespace assay::server {

namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kEnvironment = "env:";
constexpr std::size_t kFileBytesMax = 4096;
constexpr std::size_t kSecretCharacters = 43; // 256 bits

Secret checked(std::string text, const std::string& place) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.erase(text.find_last_not_of(kSpace) + 1);
  text.erase(0, std::min(text.find_first_not_of(kSpace), text.size()));
  if (text.size() < kKeyEncryptionBytesMin)
    throw Unavailable(fmt::format("signing_keys.encryption_key: {} has fewer than {} characters",
                                  place, kKeyEncryptionBytesMin));
  return Secret(std::move(text));
}

// Of two processes that begin at once, the second reads what the first has written.
std::string read_or_make(const std::filesystem::path& path) {
  if (const auto content = stores::read_file(path, kFileBytesMax)) return content->text;
  const stores::FileLock lock(path);
  if (const auto content = stores::read_file(path, kFileBytesMax)) return content->text;
  std::string text = crypto::random_alphanumeric(kSecretCharacters, crypto::secure_random) + "\n";
  stores::replace_file(path, text);
  return text;
}

} // namespace

Secret key_encryption_secret(const std::string& place, const std::filesystem::path& folder) {
  if (place.starts_with(kFile))
    return checked(read_or_make(folder / place.substr(kFile.size())), place);
  const std::string name = place.substr(kEnvironment.size());
  const char* const value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): at start.
  if (!value) throw Unavailable(fmt::format("signing_keys.encryption_key: there is no {}", place));
  return checked(value, place);
}

} // namespace assay::server
