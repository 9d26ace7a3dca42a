#include "jose/prepared_contexts.h"

#include "jose/signature_scheme.h"

namespace assay::jose {

PreparedContexts::~PreparedContexts() {
  for (auto& context : contexts_)
    EVP_MD_CTX_free(context.load());
}

crypto::DigestContextHandle PreparedContexts::made_for(Algorithm algorithm) const {
  const auto begin = use_ == KeyUse::signing ? EVP_DigestSignInit : EVP_DigestVerifyInit;
  crypto::DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr; // owned by the context
  if (!context || begin(context.get(), &settings, digest_of(algorithm), nullptr, key_.get()) != 1 ||
      !set_padding(*settings, algorithm))
    return nullptr;
  // Nothing comes behind the last byte: without this, OpenSSL finishes yet another copy.
  EVP_MD_CTX_set_flags(context.get(), EVP_MD_CTX_FLAG_FINALISE);
  return context;
}

const EVP_MD_CTX* PreparedContexts::of(Algorithm algorithm) const {
  auto& slot = contexts_[static_cast<std::size_t>(algorithm)];
  if (const EVP_MD_CTX* ready = slot.load(std::memory_order_acquire)) return ready;

  crypto::DigestContextHandle made = made_for(algorithm);
  if (!made) return nullptr;
  EVP_MD_CTX* earlier = nullptr;
  // Of two threads that made one at the same time, the later takes the earlier's.
  if (slot.compare_exchange_strong(earlier, made.get(), std::memory_order_acq_rel))
    return made.release();
  return earlier;
}

} // namespace assay::jose
