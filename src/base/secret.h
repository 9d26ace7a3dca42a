// Text that must never reach a log: tokens, client secrets, private keys.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace assay {

// Wiped when it dies. Has no stream operator and no formatter, so that printing one does not
// compile; reveal() is what a reviewer greps for.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  bool empty() const { return text_.empty(); }
  std::string_view reveal() const { return text_; }

private:
  void wipe();

  std::string text_;
};

} // namespace assay
