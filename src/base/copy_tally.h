// What a pass of a copy between two stores came to, and what it says of itself meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace assay {

struct CopyTally {
  std::uint64_t copied = 0;
  std::uint64_t removed = 0; // from where they were copied to: the source has them no more
  std::uint64_t verified = 0;
  std::uint64_t newer = 0;     // what the source changed while the pass ran: for the next one
  std::uint64_t different = 0; // that should be the same
  std::uint64_t foreign = 0;   // that the source never had: somebody else writes there
  bool stopped = false;        // before its end; nothing of the above says more than what was done

  bool is_good() const { return different == 0 && foreign == 0 && !stopped; }
};

// Called at the border of each page; false: the pass is to stop there. A total of 0 is not known.
using CopyProgress =
    std::function<bool(std::string_view phase, std::uint64_t done, std::uint64_t total)>;

} // namespace assay
