// The bucket that a new token is put into.
#pragma once

#include "oauth/token_store.h"

namespace assay::stores {

// Also for a token that is too short to carry its locator, and so is looked for in every bucket. Of
// a record that was found it says nothing: its end may have moved since.
inline oauth::TokenLocator locator_of(const oauth::TokenRecord& record) {
  return record.key.locator.value_or(oauth::TokenLocator::of(record.issued_at, record.expires_at));
}

} // namespace assay::stores
