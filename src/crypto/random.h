// Randomness from OpenSSL's CSPRNG, as an argument, so that a test can replay a run by its seed.
#pragma once

#include <functional>
#include <span>
#include <string>

namespace assay::crypto {

// Fills the span with random bytes. Callable from any thread.
using Random = std::function<void(std::span<unsigned char>)>;

// The real one. Draws a block a thread at a time: a call costs a copy.
void secure_random(std::span<unsigned char> bytes);

// `length` letters and digits, each of the 62 equally likely (no modulo bias): 5.95 bits each.
std::string random_alphanumeric(std::size_t length, const Random& random);

// Lower-case hexadecimal of `bytes` random bytes.
std::string random_hex(std::size_t bytes, const Random& random);

} // namespace assay::crypto
