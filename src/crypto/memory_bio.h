// Text into and out of OpenSSL's readers and writers.
#pragma once

#include <string>
#include <string_view>

#include "crypto/openssl.h"

namespace assay::crypto {

// Reads from `text`, which outlives it: at most 2 GiB.
BioHandle reading_bio(std::string_view text);

// Takes what is written to it into memory that is wiped when it is freed.
BioHandle writing_bio();

// All that was written to a writing_bio().
std::string written_text(BIO& bio);

// For the readers of PEM. Without one, OpenSSL asks the terminal for the pass phrase of a block
// that says of itself that it is encrypted, whoever sent it: a server would hang.
int no_pass_phrase(char* buffer, int bytes, int writing, void* context);

} // namespace assay::crypto
