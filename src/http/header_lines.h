// The lines of a request's header, each read strictly: what two servers could read in two ways is
// no HTTP here (RFC 9112 sections 3 and 5).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace assay::http {

enum class Version { http_1_0, http_1_1 };

// Views into the line.
struct RequestLine {
  std::string_view method;
  std::string_view path;  // begins with '/'
  std::string_view query; // without the '?'
  Version version;
};

// The target in origin form, or in absolute form, of which the path and the query are taken
// (RFC 9112 section 3.2). None for anything else.
std::optional<RequestLine> parse_request_line(std::string_view line);

struct FieldLine {
  std::string_view name;
  std::string_view value; // trimmed
};

// None also for a space before the colon and for a folded line: both have been used to smuggle
// requests past a proxy (RFC 9112 sections 5.1 and 5.2).
std::optional<FieldLine> parse_field_line(std::string_view line);

// Takes lines that end in CRLF off the front of what was received, within a budget of bytes.
class LineReader {
public:
  enum class Found { line, part_of_line, bare_newline, too_long };

  explicit LineReader(std::size_t bytes_max) : bytes_left_(bytes_max) {}

  // Unless a line was found, `received` is left as it is. A newline without its carriage return
  // could end the line for some readers and not for others: never a line (RFC 9112 section 2.2).
  Found next(std::string_view& received);

  // The line that was found, without its CRLF: a view into what was received.
  std::string_view line() const { return line_; }

private:
  std::size_t bytes_left_;
  std::string_view line_;
};

} // namespace assay::http
