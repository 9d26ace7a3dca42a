#include "jose/jws.h"

#include <gtest/gtest.h>

#include "base/base64url.h"

namespace assay::jose {
namespace {

constexpr std::string_view kHeader = R"({"alg":"ES256","kid":"a","typ":"JWT"})";

std::string compact(std::string_view header, std::string_view payload = "{}",
                    std::string_view signature = "signature") {
  return signing_input(header, payload) + '.' + base64url_encode(signature);
}

// None if the text is accepted.
std::optional<Reason> refused(std::string_view text, const JwsLimits& limits = {}) {
  const auto jws = parse_compact_jws(text, limits);
  return jws ? std::nullopt : std::optional(jws.error().reason);
}

std::optional<Reason> refused_header(std::string_view header) { return refused(compact(header)); }

std::string nested(std::size_t depth) {
  return R"({"alg":"ES256","x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(Jws, IsTakenApart) {
  const auto jws = parse_compact_jws(compact(kHeader, R"({"iss":"a"})", "good"));
  ASSERT_TRUE(jws) << jws.error().detail;
  EXPECT_EQ(jws->header.algorithm, Algorithm::es256);
  EXPECT_EQ(jws->header.key_id, "a");
  EXPECT_EQ(jws->header.type, "JWT");
  EXPECT_EQ(jws->payload, R"({"iss":"a"})");
  EXPECT_EQ(jws->signature, "good");
  EXPECT_EQ(jws->signing_input, signing_input(kHeader, R"({"iss":"a"})"));
}

TEST(Jws, HasNoKidAndNoTypUnlessTheHeaderHas) {
  const auto jws = parse_compact_jws(compact(R"({"alg":"ES256"})"));
  ASSERT_TRUE(jws);
  EXPECT_FALSE(jws->header.key_id);
  EXPECT_FALSE(jws->header.type);
}

// What was signed is what was sent, not what we would have written.
TEST(Jws, KeepsTheSigningInputAsItWasSent) {
  const std::string spaced = "{ \"alg\" : \"ES256\" }";
  EXPECT_EQ(parse_compact_jws(compact(spaced))->signing_input, signing_input(spaced, "{}"));
}

TEST(Jws, HasThreeSegments) {
  for (const char* text : {"", "a", "eyJhbGciOiJFUzI1NiJ9", "eyJhbGciOiJFUzI1NiJ9.e30"})
    EXPECT_EQ(refused(text), Reason::assertion_malformed) << text;
  EXPECT_EQ(refused(compact(kHeader) + ".e30"), Reason::assertion_malformed);
  EXPECT_EQ(refused(compact(kHeader) + '.'), Reason::assertion_malformed);
}

// RFC 7516 section 9: five segments are a JWE.
TEST(Jws, IsNoJwe) {
  EXPECT_EQ(refused(compact(R"({"alg":"ECDH-ES","enc":"A128GCM"})") + ".AA.AA"),
            Reason::assertion_malformed);
}

TEST(Jws, IsBase64urlWithoutPaddingOrWhiteSpace) {
  const std::string good = compact(kHeader);
  EXPECT_EQ(refused(good), std::nullopt);
  for (const std::string& text :
       {good + '=', good + '\n', ' ' + good, good + "+", good + '/', good + '%', good + '\0'})
    EXPECT_EQ(refused(text), Reason::assertion_malformed) << text;
  std::string spaced = good;
  spaced.insert(spaced.find('.') + 1, "\r\n");
  EXPECT_EQ(refused(spaced), Reason::assertion_malformed);
}

std::string padded(std::string segment) {
  segment.append((4 - segment.size() % 4) % 4, '=');
  return segment;
}

// google-auth 1.5, which Debian 12 has, leaves the padding in all three, and signs it.
TEST(Jws, MayHaveThePaddingOfBase64IfEverySegmentHasJustThat) {
  const std::string text = compact(R"({"alg":"RS256","x":"1"})", R"({"iss":"a"})", "some bytes");
  const std::size_t first = text.find('.');
  const std::size_t second = text.find('.', first + 1);
  const std::string header = text.substr(0, first);
  const std::string payload = text.substr(first + 1, second - first - 1);
  const std::string signature = text.substr(second + 1);
  ASSERT_NE(header, padded(header));
  ASSERT_NE(signature, padded(signature));

  const std::string all = padded(header) + '.' + padded(payload) + '.' + padded(signature);
  EXPECT_EQ(refused(all), std::nullopt);
  for (const std::string& some :
       {header + '.' + padded(payload) + '.' + padded(signature),
        padded(header) + '.' + padded(payload) + '.' + signature, all + '=',
        all + "====", padded(header) + "====." + padded(payload) + '.' + padded(signature)})
    EXPECT_EQ(refused(some), Reason::assertion_malformed) << some;
}

// The last character of a segment has bits to spare: with them, one signature has several texts.
TEST(Jws, HasOneSpelling) {
  std::string text = compact(kHeader, "{}", "s"); // "cw"
  EXPECT_EQ(refused(text), std::nullopt);
  text.back() = 'x';
  EXPECT_EQ(refused(text), Reason::assertion_malformed);
}

TEST(Jws, HasALimitedLength) {
  const std::string text = compact(kHeader);
  EXPECT_EQ(refused(text, {.bytes = text.size()}), std::nullopt);
  EXPECT_EQ(refused(text, {.bytes = text.size() - 1}), Reason::assertion_too_large);
  EXPECT_EQ(refused(std::string(16 * 1024 + 1, 'a')), Reason::assertion_too_large);
}

TEST(Jws, HasAHeaderThatIsAJsonObject) {
  for (const char* header : {"", "[]", "null", "\"a\"", "{", R"({"alg":"ES256"} {})",
                             R"({"alg":"ES256",})", "{\"alg\":\"ES256\xFF\"}"})
    EXPECT_EQ(refused_header(header), Reason::header_malformed) << header;
}

TEST(Jws, HasNoHeaderMemberTwice) {
  for (const char* header :
       {R"({"alg":"ES256","alg":"none"})", R"({"alg":"ES256","\u0061lg":"none"})",
        R"({"alg":"ES256","kid":"a","k\u0069d":"b"})", R"({"alg":"ES256","x":{"a":1,"a":2}})"})
    EXPECT_EQ(refused_header(header), Reason::header_malformed) << header;
}

TEST(Jws, HasAHeaderOfLimitedDepth) {
  EXPECT_EQ(refused_header(nested(16)), std::nullopt);
  EXPECT_EQ(refused_header(nested(17)), Reason::header_malformed);
  EXPECT_EQ(refused_header(nested(5'000)), Reason::header_malformed);
}

TEST(Jws, NamesItsAlgorithm) {
  for (const char* header : {"{}", R"({"alg":null})", R"({"alg":["ES256"]})", R"({"Alg":"ES256"})"})
    EXPECT_EQ(refused_header(header), Reason::header_malformed) << header;
}

TEST(Jws, NamesAnAlgorithmOfTheTable) {
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"nOnE"})", R"({"alg":"HS256"})",
        R"({"alg":"es256"})", R"({"alg":""})", R"({"alg":"RSA-OAEP"})"})
    EXPECT_EQ(refused_header(header), Reason::algorithm_unsupported) << header;
}

// An escape is another spelling of the same text.
TEST(Jws, ReadsTheAlgorithmDecoded) {
  EXPECT_EQ(refused_header(R"({"alg":"n\u006fne"})"), Reason::algorithm_unsupported);
  EXPECT_EQ(refused_header(R"({"alg":"ES25\u0036"})"), std::nullopt);
}

TEST(Jws, QuotesAnUnknownAlgorithmInPart) {
  const auto jws = parse_compact_jws(compact(R"({"alg":")" + std::string(1000, 'a') + "\"}"));
  ASSERT_FALSE(jws);
  EXPECT_EQ(jws.error().detail, "alg " + std::string(64, 'a'));
}

// RFC 7515 section 4.1.11: whatever is in it, none of it is understood.
TEST(Jws, HasNoCriticalExtensions) {
  for (const char* header : {R"({"alg":"ES256","crit":["exp"],"exp":1})",
                             R"({"alg":"ES256","crit":["b64"],"b64":false})",
                             R"({"alg":"ES256","crit":["absent"]})", R"({"alg":"ES256","crit":[]})",
                             R"({"alg":"ES256","crit":null})", R"({"alg":"ES256","crit":"kid"})"})
    EXPECT_EQ(refused_header(header), Reason::critical_header_unsupported) << header;
}

// RFC 7797: it changes what was signed.
TEST(Jws, HasItsPayloadEncoded) {
  EXPECT_EQ(refused_header(R"({"alg":"ES256","b64":false})"), Reason::critical_header_unsupported);
  EXPECT_EQ(refused_header(R"({"alg":"ES256","b64":true})"), Reason::critical_header_unsupported);
}

TEST(Jws, RefusesExtensionsBeforeAlgorithms) {
  EXPECT_EQ(refused_header(R"({"alg":"none","crit":[]})"), Reason::critical_header_unsupported);
}

TEST(Jws, HasAKidThatCannotMislead) {
  for (const char* header :
       {R"({"alg":"ES256","kid":""})", R"({"alg":"ES256","kid":1})",
        R"({"alg":"ES256","kid":null})", R"({"alg":"ES256","kid":"a\nb"})",
        R"({"alg":"ES256","kid":"a\u0000"})", R"({"alg":"ES256","kid":"\u009b[31m"})"})
    EXPECT_EQ(refused_header(header), Reason::header_malformed) << header;
}

TEST(Jws, HasAKidOfLimitedLength) {
  const auto header = [](std::size_t bytes) {
    return R"({"alg":"ES256","kid":")" + std::string(bytes, 'a') + "\"}";
  };
  EXPECT_EQ(refused_header(header(256)), std::nullopt);
  EXPECT_EQ(refused_header(header(257)), Reason::header_malformed);
}

// A kid is looked up, never opened: a path or a query in it is a name like any other.
TEST(Jws, HasAKidThatIsANameAndNothingElse) {
  const auto jws = parse_compact_jws(compact(R"({"alg":"ES256","kid":"../../dev/null"})"));
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->header.key_id, "../../dev/null");
}

TEST(Jws, HasATypThatIsAString) {
  EXPECT_EQ(refused_header(R"({"alg":"ES256","typ":1})"), Reason::header_malformed);
  EXPECT_EQ(refused_header(R"({"alg":"ES256","typ":null})"), Reason::header_malformed);
}

// The registered keys alone decide: what a sender says of its key is as good as a self-made
// passport.
TEST(Jws, IgnoresTheKeysThatItBrings) {
  for (const char* member :
       {R"("jwk":{"kty":"EC"})", R"("jku":"https://evil.example/")", R"("x5c":["AA"])",
        R"("x5u":"https://evil.example/")", R"("x5t":"AA")", R"("x5t#S256":"AA")"}) {
    const auto jws = parse_compact_jws(compact(std::string(R"({"alg":"ES256",)") + member + "}"));
    ASSERT_TRUE(jws) << member;
    EXPECT_FALSE(jws->header.key_id);
  }
}

TEST(Jws, MayHaveAnyPayload) {
  EXPECT_EQ(parse_compact_jws(compact(kHeader, ""))->payload, "");
  EXPECT_EQ(parse_compact_jws(compact(kHeader, "no JSON"))->payload, "no JSON");
}

} // namespace
} // namespace assay::jose
