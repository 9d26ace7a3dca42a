// Where one HTTP/1.1 message ends. Not a parser: its peers are our own programs and a server that
// the unit tests hold to RFC 9112, and unit K must not pay for more.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace assay::bench {

struct MessageSize {
  std::size_t header_bytes; // with the empty line
  std::size_t body_bytes;
  std::size_t total() const { return header_bytes + body_bytes; }
};

// None while the message is not whole. Throws std::runtime_error if its header has no
// Content-Length: chunked bodies are not read here.
std::optional<MessageSize> whole_message(std::string_view received);

} // namespace assay::bench
