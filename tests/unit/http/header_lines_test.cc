#include "http/header_lines.h"

#include <gtest/gtest.h>

namespace assay::http {
namespace {

TEST(RequestLine, IsSplitAtTheFirstQuestionMark) {
  const auto line = parse_request_line("GET /api/token%20info?a=1?b HTTP/1.1");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->method, "GET");
  EXPECT_EQ(line->path, "/api/token%20info");
  EXPECT_EQ(line->query, "a=1?b");
  EXPECT_EQ(line->version, Version::http_1_1);
}

TEST(RequestLine, GivesThePathOfATargetInAbsoluteForm) {
  EXPECT_EQ(parse_request_line("GET HTTP://host:80/a?b HTTP/1.0")->path, "/a");
  EXPECT_EQ(parse_request_line("GET https://host/a?b HTTP/1.0")->query, "b");
  EXPECT_EQ(parse_request_line("GET http://host HTTP/1.1")->path, "/");
  EXPECT_EQ(parse_request_line("GET http://host?b HTTP/1.1")->path, "/");
  EXPECT_EQ(parse_request_line("GET http://host?b HTTP/1.1")->query, "b");
}

TEST(RequestLine, IsRefusedInAnyOtherForm) {
  for (const std::string_view line : {"",
                                      "GET",
                                      "GET /",
                                      "GET / HTTP/2.0",
                                      "GET / HTTP/1.2",
                                      "GET / http/1.1",
                                      "GET  / HTTP/1.1",
                                      "GET / HTTP/1.1 ",
                                      " GET / HTTP/1.1",
                                      "GET /a b HTTP/1.1",
                                      "GET\t/\tHTTP/1.1",
                                      "G(T / HTTP/1.1",
                                      " / HTTP/1.1",
                                      "GET  HTTP/1.1",
                                      "OPTIONS * HTTP/1.1",
                                      "CONNECT host:443 HTTP/1.1",
                                      "GET a HTTP/1.1",
                                      "GET ?a HTTP/1.1",
                                      "GET ftp://host/ HTTP/1.1",
                                      "GET /a#b HTTP/1.1",
                                      "GET /\xC3\xA9 HTTP/1.1",
                                      "GET /\x01 HTTP/1.1",
                                      "GET /\r HTTP/1.1"})
    EXPECT_FALSE(parse_request_line(line)) << line;
}

TEST(FieldLine, HasANameAndATrimmedValue) {
  const auto field = parse_field_line("Accept:\t text/html, */* ");
  ASSERT_TRUE(field);
  EXPECT_EQ(field->name, "Accept");
  EXPECT_EQ(field->value, "text/html, */*");
  EXPECT_EQ(parse_field_line("Empty:")->value, "");
  EXPECT_EQ(parse_field_line("Host: a:80")->value, "a:80");
}

TEST(FieldLine, IsRefusedIfServersCouldReadItInTwoWays) {
  for (const std::string_view line :
       {"no colon", ": no name", "Content-Length : 5", " folded: line", "\tfolded", "a: b\rc: d",
        "a: \x7F", "a b: c"})
    EXPECT_FALSE(parse_field_line(line)) << line;
  EXPECT_FALSE(parse_field_line(std::string_view("a: b\0", 5)));
}

TEST(LineReader, TakesLinesOffTheFront) {
  LineReader reader(100);
  std::string_view received = "one\r\n\r\nthr";
  ASSERT_EQ(reader.next(received), LineReader::Found::line);
  EXPECT_EQ(reader.line(), "one");
  ASSERT_EQ(reader.next(received), LineReader::Found::line);
  EXPECT_EQ(reader.line(), "");
  EXPECT_EQ(reader.next(received), LineReader::Found::part_of_line);
  EXPECT_EQ(received, "thr");
}

TEST(LineReader, FindsNoLineThatEndsInANewlineAlone) {
  LineReader reader(100);
  std::string_view received = "one\ntwo\r\n";
  EXPECT_EQ(reader.next(received), LineReader::Found::bare_newline);
  received = "\n";
  EXPECT_EQ(reader.next(received), LineReader::Found::bare_newline);
}

TEST(LineReader, CountsAllItsLinesAgainstTheBudget) {
  LineReader reader(10);
  std::string_view received = "12345\r\n1\r\n";
  EXPECT_EQ(reader.next(received), LineReader::Found::line);
  EXPECT_EQ(reader.next(received), LineReader::Found::line);
  received = "\r\n";
  EXPECT_EQ(reader.next(received), LineReader::Found::too_long);
}

TEST(LineReader, DoesNotWaitForTheEndOfALineThatIsTooLong) {
  LineReader reader(5);
  std::string_view received = "1234";
  EXPECT_EQ(reader.next(received), LineReader::Found::part_of_line);
  received = "12345";
  EXPECT_EQ(reader.next(received), LineReader::Found::too_long);
}

} // namespace
} // namespace assay::http
