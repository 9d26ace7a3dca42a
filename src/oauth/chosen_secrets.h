// Checks client secrets that people chose: a check is dear, so it runs beside the requests, and
// nobody gets many of them.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "base/blocking_workers.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"
#include "crypto/digest.h"
#include "crypto/password_hash.h"
#include "crypto/random.h"
#include "oauth/attempt_budget.h"
#include "registry/recent_map.h"

namespace assay::oauth {

// Thread-safe.
class ChosenSecrets {
public:
  enum class Verdict {
    right,
    wrong,
    too_many, // wrong ones of this client lately: it was not checked
  };

  // `attempts_a_minute`: how many wrong secrets of one client are checked. The workers outlive it.
  ChosenSecrets(BlockingWorkers& workers, std::size_t attempts_a_minute,
                const crypto::Random& random);

  // A secret that was right before costs a digest and no attempt: whoever guesses at a client's
  // secret can neither lock the client out nor slow it down. Throws Unavailable if too many checks
  // wait.
  Task<Verdict> check(std::string client_id, crypto::PasswordHash kept, Secret presented,
                      TimePoint now);

private:
  crypto::Digest fingerprint(const crypto::PasswordHash& kept, const Secret& presented) const;
  bool is_known(const crypto::Digest& kept, const crypto::Digest& presented);

  BlockingWorkers& workers_;
  Secret salt_; // what is remembered is worth nothing outside this process
  AttemptBudget budget_;
  std::mutex mutex_;
  // Fingerprints of secrets that were right, by the digest of the hash that they fit.
  registry::RecentMap<crypto::Digest, crypto::Digest, crypto::DigestHash> known_;
};

} // namespace assay::oauth
