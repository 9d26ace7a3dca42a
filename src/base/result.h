// Result<T>: a value, or the client's fault. The world's faults are exceptions
// (base/unavailable.h).
#pragma once

#include <expected>

#include "base/refusal.h"

namespace assay {

template <class T> using Result = std::expected<T, Refusal>;

} // namespace assay
