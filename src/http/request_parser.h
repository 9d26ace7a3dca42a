// Turns the bytes of a connection into requests, one after the other (RFC 9112). Knows nothing of
// sockets: bytes in, a request or a fault out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/framing.h"
#include "http/header_lines.h"
#include "http/message.h"
#include "http/service.h"

namespace assay::http {

inline constexpr std::size_t kFieldsMax = 128;

// Fills one Request in place, again and again, so that its strings keep their memory.
class RequestParser {
public:
  // The last two are final.
  enum class Stage {
    request_line,
    fields,
    body,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    complete,
    refused
  };
  enum class Fault { malformed, header_too_large, body_too_large };

  // `request` outlives the parser.
  RequestParser(Request& request, const Limits& limits);

  // Begins the next request: all but its id and its peer's address is emptied.
  void restart();

  // Uses up bytes from the front of `received` and returns how many. What it leaves over must be
  // at the front again at the next call; after a request that is complete it is the next one's.
  std::size_t take(std::string_view received);

  Stage stage() const { return stage_; }
  bool is_done() const { return stage_ == Stage::complete || stage_ == Stage::refused; }

  // Why the request is refused.
  Fault fault() const { return fault_; }

  // The client waits for 100 (Continue) before it sends its body (RFC 9110 section 10.1.1).
  bool awaits_continue() const;

  // How the connection goes on after a request that is complete.
  const Framing& framing() const { return framing_; }

private:
  // Each returns false if it needs more bytes, or if there is nothing more to do.
  bool step(std::string_view& received);
  bool take_line(std::string_view& received);
  bool take_content(std::string_view& received);

  // Each returns the stage that follows.
  Stage refuse(Fault fault);
  Stage after_line(std::string_view line);
  Stage after_request_line(std::string_view line);
  Stage after_field(std::string_view line);
  Stage after_header();
  Stage after_chunk_size(std::string_view line);

  void keep_field(const FieldLine& field);

  Request& request_;
  const std::size_t header_bytes_max_;
  const std::size_t body_bytes_max_;
  Stage stage_ = Stage::request_line;
  Fault fault_ = Fault::malformed;
  LineReader lines_;
  Framing framing_;
  std::size_t field_count_ = 0;
  std::uint64_t content_left_ = 0; // of the body, or of the chunk
};

} // namespace assay::http
