// All that a token service needs to bind tokens to keys and to sign them: with an ES256 key, and
// without demands.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/blocking_workers.h"
#include "crypto/random.h"
#include "oauth/dpop_nonces.h"
#include "oauth/dpop_verifier.h"
#include "oauth/jwt_signer.h"
#include "oauth/proof_memory.h"
#include "oauth/token_binding.h"
#include "oauth/token_issuance.h"
#include "oauth/token_minter.h"
#include "oauth/token_possession.h"
#include "oauth/unstored_tokens.h"
#include "registry/signing_keys.h"
#include "support/keys.h"

namespace assay::testing {

class TokenWorkshop {
public:
  static constexpr const char* kUrl = "http://apiserver/api/oauth/token";

  oauth::DpopPolicy policy{.proof_life = std::chrono::seconds(60),
                           .clock_skew = std::chrono::seconds(30),
                           .require_nonce = false};
  oauth::BindingDemand demand = oauth::BindingDemand::none;
  std::shared_ptr<const registry::SigningKey> signing_key =
      std::make_shared<const registry::SigningKey>("key-1", jose::Algorithm::es256, ec_key());

  // Made anew when the policy was changed.
  const oauth::DpopVerifier& proofs() {
    if (!proofs_ || proofs_->policy().require_nonce != policy.require_nonce)
      proofs_ = std::make_unique<oauth::DpopVerifier>(oauth::DpopVerifier::Parts{policy, nonces_});
    return *proofs_;
  }

  oauth::TokenBinding binding() { return oauth::TokenBinding({demand, kUrl, proofs(), memory_}); }

  oauth::TokenPossession possession() { return {proofs(), memory_}; }

  oauth::JwtSigner signer() {
    const auto key_of = [this](jose::Algorithm algorithm, TimePoint) {
      return algorithm == jose::Algorithm::es256 ? signing_key : nullptr;
    };
    return {key_of, workers_};
  }

  oauth::TokenMinter minter(const oauth::TokenServiceSettings& settings) {
    return {settings, {"http://apiserver", crypto::secure_random, signer()}};
  }

  oauth::TokenIssuance issuance(const oauth::TokenServiceSettings& settings,
                                oauth::TokenStore& tokens) {
    return oauth::TokenIssuance({minter(settings), tokens, settings.access_token.store_outage});
  }

  oauth::UnstoredTokens unstored() const {
    return {"http://apiserver", [this](std::string_view id, TimePoint) {
              return id == signing_key->id
                         ? std::optional(registry::VerificationKey{signing_key->algorithm,
                                                                   signing_key->key.public_key()})
                         : std::nullopt;
            }};
  }

private:
  BlockingWorkers workers_{1, 8};
  oauth::DpopNonces nonces_{"a secret of the node", std::chrono::seconds(300)};
  oauth::ProofMemory memory_{1000};
  std::unique_ptr<oauth::DpopVerifier> proofs_;
};

} // namespace assay::testing
