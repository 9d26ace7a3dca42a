// The keys that this server signs with, as the request's path sees them, and the key set that it
// publishes (RFC 7517 section 5).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "jose/algorithm.h"
#include "jose/private_key.h"
#include "jose/public_key.h"
#include "registry/application_registry.h"
#include "registry/property_store.h"
#include "registry/signing_key.h"

namespace assay::registry {

struct SigningKey {
  std::string id; // its `kid`
  jose::Algorithm algorithm;
  jose::PrivateKey key;
};

struct VerificationKey {
  jose::Algorithm algorithm;
  jose::PublicKey key;
};

struct KeySetDocument {
  std::string body;       // JSON
  std::string entity_tag; // quoted, strong (RFC 9110 section 8.8.3)
};

// signer(), verifier() and key_set() may be called from any thread and do no I/O; refresh() from
// one at a time.
class SigningKeys {
public:
  // Empty until refresh(). The store outlives it. A row that is none, or that cannot be opened, is
  // reported.
  SigningKeys(PropertyStore& store, Secret secret, BadRecordReport report);

  // The one key of that algorithm that signs at that time; null if there is none.
  std::shared_ptr<const SigningKey> signer(jose::Algorithm algorithm, TimePoint now) const;

  // The key of that id, to check what it signed, and its algorithm; none once it is gone.
  std::optional<VerificationKey> verifier(std::string_view id, TimePoint now) const;

  // What is announced, signs or is retired, as of the last refresh.
  std::shared_ptr<const KeySetDocument> key_set() const;

  // Takes over the rows that changed since the last call, and the time. Throws Unavailable; the
  // keys then stay as they were.
  void refresh(TimePoint now);

private:
  struct Entry {
    SigningKeyRow row;
    jose::PublicKey public_key;
    std::shared_ptr<const SigningKey> key; // null: it signs no more, or cannot be opened
  };
  struct Snapshot {
    std::vector<Entry> entries; // the newest first
    std::shared_ptr<const KeySetDocument> key_set;
  };

  void take_over(const PropertyChange& change);
  std::shared_ptr<const Snapshot> snapshot() const;

  PropertyStore& store_;
  Secret secret_;
  BadRecordReport report_;
  Version version_ = 0;
  std::map<std::string, Entry> entries_; // of refresh() alone
  mutable std::mutex mutex_;             // guards the pointer
  std::shared_ptr<const Snapshot> snapshot_;
};

} // namespace assay::registry
