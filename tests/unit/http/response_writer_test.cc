#include "http/response_writer.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace assay::http {
namespace {

constexpr Envelope kEnvelope{
    .request_id = "id", .date = "now", .connection = "", .body_left_out = false};

std::string written(const Response& response, Envelope envelope = kEnvelope) {
  std::string bytes = "what was there before";
  write_response(bytes, response, envelope);
  return bytes;
}

TEST(ResponseWriter, WritesTheWholeAnswer) {
  EXPECT_EQ(written(json_response(200, "{}").with("Cache-Control", "no-store")),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: application/json\r\n"
            "Cache-Control: no-store\r\n"
            "Date: now\r\n"
            "X-Correlation-ID: id\r\n"
            "X-CorrelationID: id\r\n"
            "Content-Length: 2\r\n"
            "\r\n"
            "{}");
}

TEST(ResponseWriter, SaysHowTheConnectionGoesOnWhereItMust) {
  Envelope envelope = kEnvelope;
  envelope.connection = "close";
  EXPECT_TRUE(written({}, envelope).contains("\r\nConnection: close\r\n"));
  EXPECT_FALSE(written({}).contains("Connection:"));
}

TEST(ResponseWriter, GivesTheLengthOfABodyThatIsLeftOut) {
  Envelope envelope = kEnvelope;
  envelope.body_left_out = true;
  const std::string bytes = written(json_response(200, "body"), envelope);
  EXPECT_TRUE(bytes.contains("\r\nContent-Length: 4\r\n"));
  EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
}

TEST(ResponseWriter, WritesAnEmptyBodyWithItsLength) {
  EXPECT_TRUE(written({.status = 302, .fields = {{"Location", "/"}}, .body = ""})
                  .contains("\r\nContent-Length: 0\r\n"));
}

// RFC 9110 section 8.6: with one, the next answer would be read as the body of this.
TEST(ResponseWriter, WritesNoLengthAndNoBodyWhereThereCanBeNone) {
  for (const unsigned status : {204U, 304U}) {
    const std::string bytes = written({.status = status, .fields = {}, .body = "body"});
    EXPECT_FALSE(bytes.contains("Content-Length"));
    EXPECT_TRUE(bytes.ends_with("\r\n\r\n"));
  }
}

TEST(ResponseWriter, WritesAStatusWithoutAPhrase) {
  EXPECT_TRUE(written({.status = 299, .fields = {}, .body = ""}).starts_with("HTTP/1.1 299 \r\n"));
}

TEST(ResponseWriter, ThrowsRatherThanSplitTheAnswer) {
  EXPECT_THROW(written(Response().with("Location", "/\r\nSet-Cookie: a")), std::logic_error);
  EXPECT_THROW(written(Response().with("a\r\nb", "c")), std::logic_error);
}

} // namespace
} // namespace assay::http
