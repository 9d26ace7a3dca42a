// The answer to a refresh, kept for a short while for the client whose first answer was lost. The
// store has it, but only the refresh token that was presented opens it: whoever reads the store
// gains nothing.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "crypto/random.h"
#include "oauth/token_minter.h"

namespace assay::oauth {

std::string seal_answer(const MintedToken& token, TimePoint now, const Secret& presented,
                        const crypto::Random& random);

// As it was sealed, but for expires_in, which is what is left of it at `now`. None if it was sealed
// for another refresh token or was changed.
std::optional<MintedToken> open_answer(const std::string& sealed, const Secret& presented,
                                       TimePoint now);

} // namespace assay::oauth
