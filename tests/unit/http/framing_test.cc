#include "http/framing.h"

#include <initializer_list>
#include <optional>
#include <string_view>

#include <gtest/gtest.h>

namespace assay::http {
namespace {

// A framing that has seen the fields, or none if it refuses them.
std::optional<Framing> framed(std::initializer_list<FieldLine> fields,
                              Version version = Version::http_1_1) {
  Framing framing(version);
  for (const FieldLine& field : fields)
    if (!framing.take(field)) return std::nullopt;
  if (!framing.is_sound()) return std::nullopt;
  return framing;
}

constexpr FieldLine kHost{"Host", "loopback"};

TEST(Framing, HasNoBodyWithoutALength) {
  const auto framing = framed({kHost});
  ASSERT_TRUE(framing);
  EXPECT_EQ(framing->content_length(), 0U);
  EXPECT_FALSE(framing->chunked());
}

TEST(Framing, ReadsTheLength) {
  EXPECT_EQ(framed({kHost, {"content-length", "42"}})->content_length(), 42U);
}

TEST(Framing, RefusesALengthThatIsNotDigits) {
  for (const std::string_view value : {"", "-1", "+1", "1 1", "0x1", "1,1", "a", "1;"})
    EXPECT_FALSE(framed({kHost, {"Content-Length", value}})) << value;
}

TEST(Framing, RefusesASecondLengthEvenIfItIsTheSame) {
  EXPECT_FALSE(framed({kHost, {"Content-Length", "1"}, {"Content-Length", "1"}}));
}

TEST(Framing, RefusesALengthBesideACodingInEitherOrder) {
  EXPECT_FALSE(framed({kHost, {"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}));
  EXPECT_FALSE(framed({kHost, {"Transfer-Encoding", "chunked"}, {"Content-Length", "1"}}));
}

TEST(Framing, RefusesEveryCodingButChunkedOnce) {
  EXPECT_TRUE(framed({kHost, {"Transfer-Encoding", "Chunked"}})->chunked());
  for (const std::string_view value :
       {"gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked", "chunked;a=b", ""})
    EXPECT_FALSE(framed({kHost, {"Transfer-Encoding", value}})) << value;
  EXPECT_FALSE(framed({kHost, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}));
}

// A proxy that speaks HTTP/1.0 does not know the field, and forwards the body as the next request.
TEST(Framing, RefusesACodingInHttp10) {
  EXPECT_FALSE(framed({kHost, {"Transfer-Encoding", "chunked"}}, Version::http_1_0));
}

TEST(Framing, WantsOneHost) {
  EXPECT_FALSE(framed({}));
  EXPECT_FALSE(framed({kHost, kHost}));
  EXPECT_TRUE(framed({}, Version::http_1_0));
  EXPECT_FALSE(framed({kHost, kHost}, Version::http_1_0));
}

TEST(Framing, KeepsAConnectionAsItsVersionDoesUnlessToldOtherwise) {
  EXPECT_TRUE(framed({kHost})->keeps_alive());
  EXPECT_FALSE(framed({kHost, {"Connection", "Close"}})->keeps_alive());
  EXPECT_FALSE(framed({kHost, {"Connection", "keep-alive, close"}})->keeps_alive());
  EXPECT_FALSE(framed({}, Version::http_1_0)->keeps_alive());
  EXPECT_TRUE(framed({{"Connection", "TE, Keep-Alive"}}, Version::http_1_0)->keeps_alive());
}

TEST(Framing, KnowsOneExpectationInHttp11Alone) {
  EXPECT_TRUE(framed({kHost, {"Expect", "100-Continue"}})->expects_continue());
  EXPECT_FALSE(framed({kHost, {"Expect", "200-ok"}})->expects_continue());
  EXPECT_FALSE(framed({{"Expect", "100-continue"}}, Version::http_1_0)->expects_continue());
}

} // namespace
} // namespace assay::http
