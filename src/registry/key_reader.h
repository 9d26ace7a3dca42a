// Reads the keys of an application record.
#pragma once

#include <vector>

#include "registry/record_reader.h"
#include "registry/registered_key.h"

namespace assay::registry {

// Whether each key is parsed (217 µs and more), or was when its record was written.
enum class KeyTrust { parse, written_by_us };

// The member `keys` of the record: [{kid?, jwk or pem, enabled?, not_after?}]. The record's `kid`
// wins over the JWK's own. A kid names one key of an application, be it enabled or not: with two,
// it would be chance which of them a signature is blamed on.
std::vector<RegisteredKey> read_keys(RecordReader& record, KeyTrust trust);

} // namespace assay::registry
