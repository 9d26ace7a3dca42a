// The initial access tokens in the KPS: made and revoked by operators, used up by registrations.
#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "registry/initial_access_token.h"

namespace assay::registry {

// Thread-safe. Every call blocks and throws Unavailable.
class InitialAccessTokens {
public:
  explicit InitialAccessTokens(PropertyStore& store) : store_(store) {}

  // All its faults, and nothing written, if it is none that the server could read.
  std::expected<void, FieldFaults> add(const InitialAccessToken& token);

  // None if there is no row of that id, or no good one: a token that cannot be read lets nobody in.
  std::optional<InitialAccessToken> find(std::string_view id);

  // Takes one use. False if the row is another by now, be it used or revoked: then the token has to
  // be judged anew.
  bool take_use(const InitialAccessToken& token);

  // What was registered by it stays. False if there is none.
  bool revoke(std::string_view id);

  // The newest first; rows that cannot be read are left out.
  std::vector<InitialAccessToken> list();

private:
  PropertyStore& store_;
};

} // namespace assay::registry
