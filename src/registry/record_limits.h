// How much an application record may hold. Whatever is read has a limit.
#pragma once

#include <chrono>
#include <cstddef>

namespace assay::registry {

inline constexpr std::size_t kClientIdBytesMax = 128;
inline constexpr std::size_t kTextBytesMax = 500;
inline constexpr std::size_t kDescriptionBytesMax = 4000;
inline constexpr std::size_t kKeysMax = 100;
inline constexpr std::size_t kKeyBytesMax = 16 * 1024; // a certificate with many names
inline constexpr std::size_t kCaBytesMax = 64 * 1024;
inline constexpr std::size_t kSecretsMax = 10;
inline constexpr std::size_t kScopesMax = 1000;
inline constexpr std::size_t kScopeBytesMax = 128;
inline constexpr std::size_t kSubjectsMax = 1000;
inline constexpr std::size_t kSubjectBytesMax = 512;
inline constexpr std::size_t kServesMax = 100;
inline constexpr std::size_t kResourcesMax = 100;
inline constexpr std::size_t kUriBytesMax = 2048;
inline constexpr std::chrono::seconds kLongestAssertionLifeMax{86'400};

// More than a record within the limits above can take as JSON text.
inline constexpr std::size_t kRecordBytesMax = 8 * 1024 * 1024;

} // namespace assay::registry
