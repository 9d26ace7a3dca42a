// How long to wait before the next try to connect.
#pragma once

#include <algorithm>
#include <chrono>

#include "crypto/random.h"

namespace assay::stores {

// Twice as long after each failure, and by chance up to half of it shorter: or all nodes would come
// back to an engine that starts at the same instant. For one thread at a time.
class ReconnectPause {
public:
  static constexpr std::chrono::milliseconds kFirst{100};
  static constexpr std::chrono::milliseconds kLongest{3000};

  std::chrono::milliseconds next() {
    const std::chrono::milliseconds longest = pause_;
    pause_ = std::min(2 * pause_, kLongest);
    unsigned char chance = 0;
    crypto::secure_random({&chance, 1});
    constexpr int kChances = 256;
    return longest - longest * chance / (2 * kChances);
  }
  void reset() { pause_ = kFirst; }

private:
  std::chrono::milliseconds pause_ = kFirst;
};

} // namespace assay::stores
