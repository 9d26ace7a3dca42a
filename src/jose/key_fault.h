// Why a key is not taken: one sentence that a person can act on. May name a member or an algorithm,
// never quotes what the key is made of.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace assay::jose {

struct KeyFault {
  std::string what;
};

template <class T> using KeyResult = std::expected<T, KeyFault>;

inline std::unexpected<KeyFault> key_fault(std::string what) {
  return std::unexpected(KeyFault{std::move(what)});
}

} // namespace assay::jose
