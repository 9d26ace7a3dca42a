// Argon2id hashes (RFC 9106) of secrets that a person chose: what can be guessed must be dear to
// guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::crypto {

// A value, in the encoded form that Argon2's reference has: `$argon2id$v=19$m=...,t=...,p=...$...`.
class PasswordHash {
public:
  // Takes 64 MiB and some 100 ms, as matches() does: never on a thread that serves requests. Throws
  // std::bad_alloc.
  static PasswordHash of(std::string_view password);

  // None for another form, and for one whose check would take more than 256 MiB or 10 passes: a
  // record from outside must not be able to exhaust the server.
  static std::optional<PasswordHash> parse(std::string_view text);

  bool matches(std::string_view password) const;

  const std::string& text() const { return text_; }

  bool operator==(const PasswordHash&) const = default;

private:
  explicit PasswordHash(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

} // namespace assay::crypto
