#include "http/response_writer.h"

#include <array>
#include <charconv>
#include <concepts>
#include <stdexcept>

#include "http/syntax.h"

namespace assay::http {

namespace {

// For a year, in seconds, a browser that was here comes back by HTTPS alone, whatever a link or
// somebody on the way says (RFC 6797).
constexpr std::string_view kHttpsAlone = "max-age=31536000";

std::string_view reason_phrase(unsigned status) {
  switch (status) {
  case 200: return "OK";
  case 201: return "Created";
  case 202: return "Accepted";
  case 204: return "No Content";
  case 301: return "Moved Permanently";
  case 302: return "Found";
  case 303: return "See Other";
  case 304: return "Not Modified";
  case 307: return "Temporary Redirect";
  case 308: return "Permanent Redirect";
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 409: return "Conflict";
  case 412: return "Precondition Failed";
  case 413: return "Content Too Large";
  case 415: return "Unsupported Media Type";
  case 429: return "Too Many Requests";
  case 431: return "Request Header Fields Too Large";
  case 500: return "Internal Server Error";
  case 503: return "Service Unavailable";
  default: return ""; // Optional, and nobody reads it (RFC 9112 section 4).
  }
}

// Neither of the two can have a body, whatever the endpoint made (RFC 9112 section 6.3).
bool is_bodiless(unsigned status) { return status == 204 || status == 304; }

void append_number(std::string& bytes, std::unsigned_integral auto number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  bytes.append(digits.data(), end);
}

void append_field(std::string& bytes, std::string_view name, std::string_view value) {
  bytes.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

void write_response(std::string& bytes, const Response& response, const Envelope& envelope) {
  bytes.assign("HTTP/1.1 ");
  append_number(bytes, response.status);
  bytes.append(" ").append(reason_phrase(response.status)).append("\r\n");

  for (const Field& field : response.fields) {
    if (!is_token(field.name) || !is_field_value(field.value))
      throw std::logic_error("an answer's field with a character that is not allowed");
    append_field(bytes, field.name, field.value);
  }
  append_field(bytes, "Date", envelope.date);
  append_field(bytes, "X-Correlation-ID", envelope.request_id);
  append_field(bytes, "X-CorrelationID", envelope.request_id);
  if (envelope.over_tls) append_field(bytes, "Strict-Transport-Security", kHttpsAlone);
  if (!envelope.connection.empty()) append_field(bytes, "Connection", envelope.connection);

  if (is_bodiless(response.status)) {
    bytes.append("\r\n");
    return;
  }
  bytes.append("Content-Length: ");
  append_number(bytes, response.body.size());
  bytes.append("\r\n\r\n");
  if (!envelope.body_left_out) bytes.append(response.body);
}

} // namespace assay::http
