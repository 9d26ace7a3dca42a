#include "bench/http_message.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string>

namespace assay::bench {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeaderEnd = "\r\n\r\n";
constexpr std::string_view kLengthName = "content-length:";

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool names_length(std::string_view line) {
  return std::ranges::equal(line.substr(0, kLengthName.size()), kLengthName, {}, lower);
}

std::size_t length_in(std::string_view line) {
  std::string_view digits = line.substr(kLengthName.size());
  while (digits.starts_with(' '))
    digits.remove_prefix(1);
  std::size_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc{} || end == digits.data())
    throw std::runtime_error("Content-Length is not a number");
  return length;
}

std::size_t body_bytes(std::string_view header) {
  while (!header.empty()) {
    const std::size_t end = header.find(kLineEnd);
    const std::string_view line = header.substr(0, end);
    if (names_length(line)) return length_in(line);
    header.remove_prefix(end + kLineEnd.size());
  }
  throw std::runtime_error("an HTTP message without Content-Length");
}

} // namespace

std::optional<MessageSize> whole_message(std::string_view received) {
  const std::size_t end = received.find(kHeaderEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const MessageSize size{.header_bytes = end + kHeaderEnd.size(),
                         .body_bytes = body_bytes(received.substr(0, end + kLineEnd.size()))};
  if (received.size() < size.total()) return std::nullopt;
  return size;
}

} // namespace assay::bench
