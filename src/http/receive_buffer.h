// The bytes of a connection that have arrived and are not used up yet.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace assay::http {

// Of a fixed size. Its memory is not touched before bytes arrive, so that an idle connection costs
// what its last request took and no more.
class ReceiveBuffer {
public:
  explicit ReceiveBuffer(std::size_t size)
      : size_(size), bytes_(std::make_unique_for_overwrite<char[]>(size)) {}

  std::string_view bytes() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }

  // Where the next bytes go; empty only if bytes() fills it all.
  std::span<char> room() {
    if (begin_ > 0) std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return {bytes_.get() + end_, size_ - end_};
  }

  void arrived(std::size_t count) { end_ += count; }
  void used_up(std::size_t count) { begin_ += count; }

private:
  const std::size_t size_;
  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace assay::http
