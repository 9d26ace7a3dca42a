// Makes, rotates and revokes the keys that this server signs with. Several nodes may do so at once:
// of two changes to the same keys one counts, and the other finds it done.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "registry/application_registry.h"
#include "registry/property_store.h"
#include "registry/signing_key.h"

namespace assay::registry {

struct SigningKeyPolicy {
  std::chrono::seconds rotate_every;
  std::chrono::seconds announce_for; // longer than anybody keeps the key set
  std::chrono::seconds token_life;   // of the tokens that live longest
};

enum class Takeover { after_announcement, at_once };

// Thread-safe. Every call blocks and throws Unavailable.
class SigningKeyEditor {
public:
  struct Parts {
    PropertyStore& store;
    Secret secret; // encrypts the private keys
    SigningKeyPolicy policy;
    crypto::Random random;
    Clock clock;
    BadRecordReport report;
  };

  explicit SigningKeyEditor(Parts parts) : parts_(std::move(parts)) {}

  // Sees to it that a key signs each of these algorithms, from now on also by maintain(). The first
  // key of an algorithm signs at once: nobody has a token of it yet. Throws Unavailable as well if
  // there is a key, but under another secret.
  void ensure(std::span<const jose::Algorithm> algorithms);

  // The schedule: announces successors, takes the private half of retired keys away, forgets gone
  // ones. To be called often; writes only what is due.
  void maintain();

  // A successor for the algorithm's key. One that is announced already takes over at once, if so
  // wanted; else it is given as it is.
  SigningKeyRow rotate(jose::Algorithm algorithm, Takeover takeover);

  // For a key that somebody else may have: it is gone from this moment, and if it was the one that
  // signs, another signs at once. False if there is no such key.
  bool revoke(std::string_view id);

  // All rows, the newest first.
  std::vector<SigningKeyRow> list() const;

private:
  using Rows = std::vector<SigningKeyRow>;

  static const SigningKeyRow* signer(const Rows& rows, jose::Algorithm algorithm, TimePoint now);
  static const SigningKeyRow* announced(const Rows& rows, jose::Algorithm algorithm, TimePoint now);
  SigningKeyRow new_key(jose::Algorithm algorithm, TimePoint signs_from) const;
  SigningKeyRow ended(SigningKeyRow row, TimePoint at) const;
  bool write(std::span<const SigningKeyRow> rows);
  void ensure(jose::Algorithm algorithm);
  void announce_when_due(const Rows& rows, jose::Algorithm algorithm);
  void clear_out(const Rows& rows);

  Parts parts_;
  std::mutex mutex_; // guards kept_up_
  std::set<jose::Algorithm> kept_up_;
};

} // namespace assay::registry
