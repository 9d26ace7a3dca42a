#include "oauth/chosen_secrets.h"

#include <utility>

namespace assay::oauth {

namespace {

constexpr std::size_t kKnownMax = 10'000;
constexpr std::size_t kSaltBytes = 32;

} // namespace

ChosenSecrets::ChosenSecrets(BlockingWorkers& workers, std::size_t attempts_a_minute,
                             const crypto::Random& random)
    : workers_(workers), salt_(crypto::random_hex(kSaltBytes, random)), budget_(attempts_a_minute),
      known_(kKnownMax) {}

Task<ChosenSecrets::Verdict> ChosenSecrets::check(std::string client_id, crypto::PasswordHash kept,
                                                  Secret presented, TimePoint now) {
  const crypto::Digest hash = crypto::sha256(kept.text());
  const crypto::Digest shown = fingerprint(kept, presented);
  if (is_known(hash, shown)) co_return Verdict::right;

  if (!budget_.take(client_id, now)) co_return Verdict::too_many;
  bool is_right = false;
  co_await workers_.run([&] { is_right = kept.matches(presented.reveal()); });
  if (!is_right) co_return Verdict::wrong;

  budget_.give_back(client_id);
  const std::lock_guard lock(mutex_);
  known_.put(hash, shown);
  co_return Verdict::right;
}

crypto::Digest ChosenSecrets::fingerprint(const crypto::PasswordHash& kept,
                                          const Secret& presented) const {
  std::string parts(salt_.reveal());
  parts.append(crypto::sha256(kept.text()).hex()).append(presented.reveal());
  const crypto::Digest digest = crypto::sha256(parts);
  const Secret wiped(std::move(parts));
  return digest;
}

bool ChosenSecrets::is_known(const crypto::Digest& kept, const crypto::Digest& presented) {
  const std::lock_guard lock(mutex_);
  const crypto::Digest* known = known_.find(kept);
  return known && crypto::constant_time_equal(*known, presented);
}

} // namespace assay::oauth
