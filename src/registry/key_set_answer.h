// From what a jwks_uri answered to keys (RFC 7517 section 5).
#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "fetch/http_client.h"
#include "registry/key_source.h"

namespace assay::registry {

// The keys that can be used here; the others of the set are passed over, as others may need them,
// and so are private ones, which everybody has by now. A sentence if there are no keys: an answer
// that is not 200, no JWK Set, one of more than kKeysMax keys, one without any that can be used.
std::expected<FetchedKeys, std::string> read_key_set(const fetch::FetchResult& answer,
                                                     TimePoint now);

} // namespace assay::registry
