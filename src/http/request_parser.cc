#include "http/request_parser.h"

#include <algorithm>

#include "http/syntax.h"

namespace assay::http {

RequestParser::RequestParser(Request& request, const Limits& limits)
    : request_(request), header_bytes_max_(limits.header_bytes), body_bytes_max_(limits.body_bytes),
      lines_(header_bytes_max_), framing_(Version::http_1_1) {}

void RequestParser::restart() {
  request_.method.clear();
  request_.path.clear();
  request_.query.clear();
  request_.body.clear();
  stage_ = Stage::request_line;
  lines_ = LineReader(header_bytes_max_);
  field_count_ = 0;
  content_left_ = 0;
}

std::size_t RequestParser::take(std::string_view received) {
  const std::size_t size = received.size();
  while (step(received)) {
  }
  return size - received.size();
}

bool RequestParser::awaits_continue() const {
  const bool before_content = stage_ == Stage::body || stage_ == Stage::chunk_size;
  return before_content && request_.body.empty() && framing_.expects_continue();
}

bool RequestParser::step(std::string_view& received) {
  switch (stage_) {
  case Stage::request_line:
  case Stage::fields:
  case Stage::chunk_size:
  case Stage::chunk_end:
  case Stage::trailer: return take_line(received);
  case Stage::body:
  case Stage::chunk: return take_content(received);
  case Stage::complete:
  case Stage::refused: return false;
  }
}

bool RequestParser::take_line(std::string_view& received) {
  switch (lines_.next(received)) {
  case LineReader::Found::line: stage_ = after_line(lines_.line()); return true;
  case LineReader::Found::part_of_line: return false;
  case LineReader::Found::bare_newline: stage_ = refuse(Fault::malformed); return false;
  case LineReader::Found::too_long: stage_ = refuse(Fault::header_too_large); return false;
  }
}

bool RequestParser::take_content(std::string_view& received) {
  const std::size_t count = std::min<std::uint64_t>(content_left_, received.size());
  request_.body.append(received.substr(0, count));
  received.remove_prefix(count);
  content_left_ -= count;
  if (content_left_ > 0) return false;
  stage_ = stage_ == Stage::chunk ? Stage::chunk_end : Stage::complete;
  return true;
}

RequestParser::Stage RequestParser::refuse(Fault fault) {
  fault_ = fault;
  return Stage::refused;
}

RequestParser::Stage RequestParser::after_line(std::string_view line) {
  switch (stage_) {
  // Empty lines before a request are let pass, as RFC 9112 section 2.2 advises.
  case Stage::request_line: return line.empty() ? stage_ : after_request_line(line);
  case Stage::fields: return line.empty() ? after_header() : after_field(line);
  case Stage::chunk_size: return after_chunk_size(line);
  case Stage::chunk_end: return line.empty() ? Stage::chunk_size : refuse(Fault::malformed);
  // Trailer fields are dropped: merged into the header, they could undo its checks (section 6.5.1
  // of RFC 9110).
  case Stage::trailer:
    if (line.empty()) return Stage::complete;
    return parse_field_line(line) ? stage_ : refuse(Fault::malformed);
  case Stage::body:
  case Stage::chunk:
  case Stage::complete:
  case Stage::refused: return stage_;
  }
}

RequestParser::Stage RequestParser::after_request_line(std::string_view line) {
  const auto request_line = parse_request_line(line);
  if (!request_line) return refuse(Fault::malformed);
  request_.method = request_line->method;
  request_.path = request_line->path;
  request_.query = request_line->query;
  framing_ = Framing(request_line->version);
  return Stage::fields;
}

RequestParser::Stage RequestParser::after_field(std::string_view line) {
  const auto field = parse_field_line(line);
  if (!field || !framing_.take(*field)) return refuse(Fault::malformed);
  if (field_count_ == kFieldsMax) return refuse(Fault::header_too_large);
  keep_field(*field);
  return Stage::fields;
}

RequestParser::Stage RequestParser::after_header() {
  request_.fields.resize(field_count_);
  if (!framing_.is_sound()) return refuse(Fault::malformed);
  if (framing_.chunked()) return Stage::chunk_size;
  content_left_ = framing_.content_length();
  if (content_left_ > body_bytes_max_) return refuse(Fault::body_too_large);
  return content_left_ > 0 ? Stage::body : Stage::complete;
}

// RFC 9112 section 7.1. Extensions are read over, as section 7.1.1 wants it of those not known;
// like all lines they count against the header's limit.
RequestParser::Stage RequestParser::after_chunk_size(std::string_view line) {
  const auto size = parse_size(line.substr(0, line.find(';')), NumberBase::hexadecimal);
  if (!size || !is_field_value(line)) return refuse(Fault::malformed);
  content_left_ = *size;
  if (content_left_ > body_bytes_max_ - request_.body.size()) return refuse(Fault::body_too_large);
  return content_left_ > 0 ? Stage::chunk : Stage::trailer;
}

// Over the last request's fields, so that their strings need no new memory.
void RequestParser::keep_field(const FieldLine& field) {
  if (field_count_ == request_.fields.size()) request_.fields.emplace_back();
  Field& kept = request_.fields[field_count_++];
  kept.name = field.name;
  kept.value = field.value;
}

} // namespace assay::http
