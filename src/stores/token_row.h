// What a token's row keeps in one piece: all of its record that nobody counts or searches by.
//
//   row = version issued_at granted_at service subject scope audience token_type family
//         key certificate *(name value)
//   version    = one byte, 3
//   issued_at  = 8 bytes, the lowest first: microseconds since 1970
//   granted_at = the same; version 1 has none, as it knew of no token that was refreshed
//   key, certificate = what it is bound to: texts of 32 bytes, or empty; from version 3 on
//   the rest   = texts; before each its length, in groups of 7 bits, the lowest first, with the
//                high bit set in all bytes but the last
#pragma once

#include <span>
#include <string>

#include "oauth/token_store.h"

namespace assay::stores {

std::string encode_row(const oauth::TokenRecord& record);

// Fills in what encode_row(), or one of its former versions, wrote. Throws Unavailable for any
// other bytes: the file is damaged.
void decode_row(std::span<const unsigned char> row, oauth::TokenRecord& record);

} // namespace assay::stores
