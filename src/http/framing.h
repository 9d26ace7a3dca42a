// What a request's header says about the rest of it: where the body ends, and whether another
// request may follow (RFC 9112 sections 6 and 9.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/header_lines.h"

namespace assay::http {

// Refuses whatever two readers could frame in two ways, for what one of them takes for a body the
// other takes for the next request (request smuggling, RFC 9112 section 11.2).
class Framing {
public:
  explicit Framing(Version version) : version_(version) {}

  // Looks at one field. False for a length or a coding that is malformed, unknown or repeated, and
  // for a second Host.
  bool take(const FieldLine& field);

  // At the header's end. False for a length beside a coding, for a coding in HTTP/1.0, and for
  // HTTP/1.1 without a Host (sections 3.2 and 6.1).
  bool is_sound() const;

  bool chunked() const { return chunked_; }

  // 0 without the field.
  std::uint64_t content_length() const { return content_length_.value_or(0); }

  bool keeps_alive() const;

  // HTTP/1.0 closes unless both ends say that they do not.
  Version version() const { return version_; }

  // The client waits for 100 (Continue) before it sends the body (RFC 9110 section 10.1.1).
  bool expects_continue() const { return expects_continue_ && version_ == Version::http_1_1; }

private:
  bool take_content_length(std::string_view value);
  bool take_transfer_encoding(std::string_view value);
  bool take_host();
  void take_connection(std::string_view value);

  Version version_;
  std::optional<std::uint64_t> content_length_;
  bool chunked_ = false;
  bool host_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;
};

} // namespace assay::http
