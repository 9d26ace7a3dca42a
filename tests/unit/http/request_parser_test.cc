#include "http/request_parser.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace assay::http {
namespace {

using Stage = RequestParser::Stage;
using Fault = RequestParser::Fault;

constexpr Limits kLimits{.header_bytes = 256, .body_bytes = 32};

struct Parsed {
  Stage stage;
  Fault fault;
  Request request;
  std::string rest;
};

// Gives the parser `step` bytes more at a time, as a connection would.
Parsed parse(std::string_view bytes, std::size_t step = std::string_view::npos) {
  Parsed parsed{};
  RequestParser parser(parsed.request, kLimits);
  std::size_t arrived = 0;
  while (!parser.is_done() && arrived < bytes.size()) {
    parsed.rest += bytes.substr(arrived, step);
    arrived = step < bytes.size() - arrived ? arrived + step : bytes.size();
    parsed.rest.erase(0, parser.take(parsed.rest));
  }
  parsed.rest += bytes.substr(arrived);
  parsed.stage = parser.stage();
  parsed.fault = parser.fault();
  return parsed;
}

std::string with_fields(std::string_view fields, std::string_view rest = "") {
  return fmt::format("POST /a HTTP/1.1\r\nHost: b\r\n{}\r\n{}", fields, rest);
}

std::string chunked(std::string_view body) {
  return with_fields("Transfer-Encoding: chunked\r\n", body);
}

// The fault of a request that is refused; none if it is not.
std::optional<Fault> fault(std::string_view bytes) {
  const Parsed parsed = parse(bytes);
  return parsed.stage == Stage::refused ? std::optional(parsed.fault) : std::nullopt;
}

TEST(RequestParser, FillsTheRequest) {
  const auto [stage, fault, request, rest] =
      parse("POST /a?b HTTP/1.1\r\nHost: c\r\nX-d:  e \r\nContent-Length: 3\r\n\r\nfghnext");
  EXPECT_EQ(stage, Stage::complete);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, "b");
  EXPECT_EQ(request.fields.size(), 3U);
  EXPECT_EQ(request.field("X-D"), "e");
  EXPECT_EQ(request.body, "fgh");
  EXPECT_EQ(rest, "next");
}

TEST(RequestParser, ReadsOverEmptyLinesBeforeARequest) {
  EXPECT_EQ(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").stage, Stage::complete);
}

TEST(RequestParser, JoinsChunksAndDropsExtensionsAndTrailers) {
  const auto [stage, fault, request, rest] =
      parse(chunked("3;a=\"b\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nContent-Length: 9\r\n\r\nnext"));
  EXPECT_EQ(stage, Stage::complete);
  EXPECT_EQ(request.body, "abc0123456789");
  EXPECT_FALSE(request.field("Content-Length"));
  EXPECT_EQ(rest, "next");
}

TEST(RequestParser, ComesToTheSameHoweverTheBytesArrive) {
  const std::string lengthed = with_fields("Content-Length: 4\r\n", "bodynext");
  const std::string in_chunks = chunked("2\r\nbo\r\n2;a\r\ndy\r\n0\r\nc: d\r\n\r\nnext");
  for (const std::string& bytes : {lengthed, in_chunks}) {
    for (const std::size_t step : {1U, 2U, 3U, 7U, 50U}) {
      const auto [stage, fault, request, rest] = parse(bytes, step);
      EXPECT_EQ(stage, Stage::complete) << step;
      EXPECT_EQ(request.body, "body") << step;
      EXPECT_EQ(rest, "next") << step;
    }
  }
}

TEST(RequestParser, LeavesNothingOfOneRequestInTheNext) {
  Request request;
  request.id = "id";
  request.peer_address = "peer";
  RequestParser parser(request, kLimits);
  parser.take("POST /a?b HTTP/1.1\r\nHost: c\r\nX-d: e\r\nContent-Length: 3\r\n\r\nfgh");
  ASSERT_EQ(parser.stage(), Stage::complete);

  parser.restart();
  parser.take("GET /i HTTP/1.0\r\n\r\n");
  EXPECT_EQ(parser.stage(), Stage::complete);
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/i");
  EXPECT_EQ(request.query, "");
  EXPECT_TRUE(request.fields.empty());
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.id, "id");
  EXPECT_EQ(request.peer_address, "peer");
  EXPECT_FALSE(parser.framing().keeps_alive());
}

TEST(RequestParser, RefusesWhatIsNotHttp) {
  EXPECT_EQ(fault("\x16\x03\x01\x02\n"), Fault::malformed);
  EXPECT_EQ(fault("GET / HTTP/1.1\nHost: a\n\n"), Fault::malformed);
  EXPECT_EQ(fault("GET / HTTP/3.0\r\n"), Fault::malformed);
  EXPECT_EQ(fault("GET / HTTP/1.1\r\n\r\n"), Fault::malformed);
}

TEST(RequestParser, RefusesFieldsThatServersReadInTwoWays) {
  for (const std::string_view fields :
       {"Content-Length: 1\r\nContent-Length: 1\r\n", "Content-Length: 1, 1\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding : chunked\r\n", " Content-Length: 1\r\n", "a: b\r\n c: d\r\n",
        "a: b\nContent-Length: 1\r\n", "a: b\rc\r\n", "Host: c\r\n", "Content-Length: -1\r\n"})
    EXPECT_EQ(fault(with_fields(fields, "x")), Fault::malformed) << fields;
}

TEST(RequestParser, RefusesMalformedChunks) {
  for (const std::string_view body :
       {"\r\n", "g\r\n", "-1\r\n", "0x1\r\na\r\n", "1 \r\na\r\n", " 1\r\na\r\n", "1\na\r\n",
        "1\r\nab\r\n", "1\r\na\n", "2;a\rb\r\n", "0\r\nno colon\r\n", "0\r\n : a\r\n"})
    EXPECT_EQ(fault(chunked(body)), Fault::malformed) << body;
}

TEST(RequestParser, RefusesAHeaderOverItsLimitBeforeItsEnd) {
  EXPECT_EQ(fault("GET /" + std::string(251, 'a')), Fault::header_too_large);
  EXPECT_EQ(fault("GET /" + std::string(250, 'a')), std::nullopt);
  EXPECT_EQ(fault(with_fields("a: " + std::string(223, 'b') + "\r\n")), Fault::header_too_large);
  EXPECT_EQ(parse(with_fields("a: " + std::string(222, 'b') + "\r\n")).stage, Stage::complete);
}

TEST(RequestParser, CountsChunkExtensionsAndTrailersAsHeader) {
  EXPECT_EQ(fault(chunked("1;" + std::string(250, 'a'))), Fault::header_too_large);
  EXPECT_EQ(fault(chunked("0\r\na: " + std::string(250, 'b'))), Fault::header_too_large);
}

TEST(RequestParser, RefusesMoreFieldsThanItsLimit) {
  Request request;
  RequestParser parser(request, Limits());
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t count = 1; count < kFieldsMax; ++count)
    header += "a:\r\n";
  parser.take(header + "\r\n");
  EXPECT_EQ(parser.stage(), Stage::complete);
  EXPECT_EQ(request.fields.size(), kFieldsMax);

  parser.restart();
  parser.take(header + "a:\r\n\r\n");
  EXPECT_EQ(parser.stage(), Stage::refused);
  EXPECT_EQ(parser.fault(), Fault::header_too_large);
}

TEST(RequestParser, RefusesALengthOverTheLimitBeforeTheBody) {
  EXPECT_EQ(fault(with_fields("Content-Length: 33\r\n")), Fault::body_too_large);
  EXPECT_EQ(fault(with_fields("Content-Length: 99999999999999999999\r\n")), Fault::body_too_large);
  EXPECT_EQ(fault(with_fields("Content-Length: 32\r\n")), std::nullopt);
}

TEST(RequestParser, RefusesChunksThatTogetherAreOverTheLimit) {
  const std::string ten = "a\r\n0123456789\r\n";
  EXPECT_EQ(parse(chunked(ten + ten + ten + "2\r\nab\r\n0\r\n\r\n")).stage, Stage::complete);
  EXPECT_EQ(fault(chunked(ten + ten + ten + "3\r\n")), Fault::body_too_large);
  EXPECT_EQ(fault(chunked(ten + "ffffffffffffffff\r\n")), Fault::body_too_large);
  EXPECT_EQ(fault(chunked("10000000000000001\r\n")), Fault::body_too_large);
}

TEST(RequestParser, KnowsThatTheClientAwaitsContinue) {
  Request request;
  RequestParser parser(request, kLimits);
  parser.take(with_fields("Expect: 100-continue\r\nContent-Length: 2\r\n"));
  EXPECT_TRUE(parser.awaits_continue());
  parser.take("a");
  EXPECT_FALSE(parser.awaits_continue());

  parser.restart();
  parser.take(with_fields("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(parser.awaits_continue());

  parser.restart();
  parser.take(with_fields("Expect: 100-continue\r\n"));
  EXPECT_FALSE(parser.awaits_continue());
}

} // namespace
} // namespace assay::http
