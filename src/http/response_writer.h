// An answer as the bytes that go out (RFC 9112 section 4).
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace assay::http {

// What the connection adds to every answer, whoever made it.
struct Envelope {
  std::string_view request_id;
  std::string_view date;
  std::string_view connection; // "close", "keep-alive", or empty where that is understood
  bool body_left_out = false;  // as the answer to HEAD has it (RFC 9110 section 9.3.2)
  bool over_tls = false;
};

// Writes over `bytes`, which keeps its memory from one answer to the next. Throws
// std::logic_error if a field holds a control character: with a line break in it, whoever chose
// the value could write the rest of the answer (response splitting).
void write_response(std::string& bytes, const Response& response, const Envelope& envelope);

} // namespace assay::http
