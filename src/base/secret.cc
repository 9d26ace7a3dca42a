#include "base/secret.h"

#include <cstring>

namespace assay {

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    wipe();
    text_ = other.text_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() {
  // A short text lies in the string itself, and still does after it was moved from.
  text_.resize(text_.capacity());
  // Not memset: the compiler may drop a store that nobody reads.
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

} // namespace assay
