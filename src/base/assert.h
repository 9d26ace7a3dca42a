// ASSAY_ASSERT: our own mistakes end the process, in release builds too. Never used on input.
#pragma once

namespace assay {

// Prints where and what was expected to standard error, then aborts.
[[noreturn]] void assertion_failed(const char* file, int line, const char* expected);

} // namespace assay

#define ASSAY_ASSERT(condition, expected)                                                          \
  do {                                                                                             \
    if (!(condition)) [[unlikely]]                                                                 \
      ::assay::assertion_failed(__FILE__, __LINE__, expected);                                     \
  } while (false)
