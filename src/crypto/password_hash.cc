#include "crypto/password_hash.h"

#include <array>
#include <charconv>
#include <new>

#include <sodium.h>

namespace assay::crypto {

namespace {

constexpr std::string_view kPrefix = "$argon2id$v=19$";
constexpr std::size_t kMemoryKibibytesMax = 256 * std::size_t{1024};
constexpr std::size_t kPassesMax = 10;
constexpr std::size_t kLanes = 1;

// `NAME=NUMBER` at the beginning of the text, which goes on behind it.
std::optional<std::size_t> take_number(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  text.remove_prefix(name.size());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool is_affordable(std::string_view costs) {
  const auto memory = take_number(costs, "m=");
  const auto passes = take_number(costs, ",t=");
  const auto lanes = take_number(costs, ",p=");
  return memory && passes && lanes == kLanes && *memory <= kMemoryKibibytesMax &&
         *passes <= kPassesMax && costs.starts_with('$');
}

} // namespace

PasswordHash PasswordHash::of(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (sodium_init() < 0 || crypto_pwhash_str(text.data(), password.data(), password.size(),
                                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                             crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw std::bad_alloc();
  return PasswordHash(text.data());
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view text) {
  if (text.size() >= crypto_pwhash_STRBYTES || !text.starts_with(kPrefix)) return std::nullopt;
  if (!is_affordable(text.substr(kPrefix.size()))) return std::nullopt;
  PasswordHash hash{std::string(text)};
  // Reads it whole, and says -1 if it cannot.
  const int verdict = crypto_pwhash_str_needs_rehash(
      hash.text_.c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
  if (verdict < 0) return std::nullopt;
  return hash;
}

bool PasswordHash::matches(std::string_view password) const {
  return crypto_pwhash_str_verify(text_.c_str(), password.data(), password.size()) == 0;
}

} // namespace assay::crypto
