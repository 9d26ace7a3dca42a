#include "http/framing.h"

#include "http/syntax.h"

namespace assay::http {

bool Framing::take(const FieldLine& field) {
  const auto named = [&field](std::string_view name) {
    return equal_ignoring_case(field.name, name);
  };
  if (named("Host")) return take_host();
  if (named("Content-Length")) return take_content_length(field.value);
  if (named("Transfer-Encoding")) return take_transfer_encoding(field.value);
  if (named("Connection")) take_connection(field.value);
  if (named("Expect")) expects_continue_ = equal_ignoring_case(field.value, "100-continue");
  return true;
}

bool Framing::is_sound() const {
  if (chunked_ && (content_length_ || version_ == Version::http_1_0)) return false;
  return host_ || version_ == Version::http_1_0;
}

bool Framing::keeps_alive() const {
  return !close_ && (keep_alive_ || version_ == Version::http_1_1);
}

bool Framing::take_content_length(std::string_view value) {
  if (content_length_) return false;
  content_length_ = parse_size(value, NumberBase::decimal);
  return content_length_.has_value();
}

bool Framing::take_transfer_encoding(std::string_view value) {
  if (chunked_ || !equal_ignoring_case(value, "chunked")) return false;
  chunked_ = true;
  return true;
}

bool Framing::take_host() {
  const bool first = !host_;
  host_ = true;
  return first;
}

void Framing::take_connection(std::string_view value) {
  while (!value.empty()) {
    const std::string_view option = trimmed(split_off(value, ','));
    if (equal_ignoring_case(option, "close")) close_ = true;
    if (equal_ignoring_case(option, "keep-alive")) keep_alive_ = true;
  }
}

} // namespace assay::http
