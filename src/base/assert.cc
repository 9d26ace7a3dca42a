#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace assay {

void assertion_failed(const char* file, int line, const char* expected) {
  std::fprintf(stderr, "%s:%d: expected %s\n", file, line, expected);
  std::abort();
}

} // namespace assay
