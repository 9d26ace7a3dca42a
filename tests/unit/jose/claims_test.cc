#include "jose/claims.h"

#include <gtest/gtest.h>

namespace assay::jose {
namespace {

using namespace std::chrono_literals;

Claims claims_of(std::string_view payload) {
  const auto claims = parse_claims(payload);
  EXPECT_TRUE(claims) << claims.error().detail;
  return claims.value_or(Claims{});
}

// What is wrong; nothing if the claims are accepted.
std::string fault_of_claims(std::string_view payload, const ClaimLimits& limits = {}) {
  const auto claims = parse_claims(payload, limits);
  if (claims) return "";
  EXPECT_EQ(claims.error().reason, Reason::claims_malformed);
  return claims.error().detail;
}

TimePoint at(std::chrono::microseconds since_1970) { return TimePoint(since_1970); }

std::optional<TimePoint> expiry_of(std::string_view number) {
  return claims_of(R"({"exp":)" + std::string(number) + "}").expires_at;
}

TEST(Claims, AreRead) {
  const Claims claims =
      claims_of(R"({"iss":"billing","sub":"batch","aud":["a","b"],"exp":1800000300,
                    "nbf":1800000000,"iat":1800000001,"jti":"1","scope":"read write"})");
  EXPECT_EQ(claims.issuer, "billing");
  EXPECT_EQ(claims.subject, "batch");
  EXPECT_EQ(claims.audiences, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(claims.expires_at, at(1800000300s));
  EXPECT_EQ(claims.not_before, at(1800000000s));
  EXPECT_EQ(claims.issued_at, at(1800000001s));
  EXPECT_EQ(claims.id, "1");
  EXPECT_EQ(claims.scope, "read write");
}

TEST(Claims, AreAbsentIfTheyAreNotThere) {
  const Claims claims = claims_of("{}");
  EXPECT_FALSE(claims.issuer || claims.subject || claims.audiences || claims.expires_at ||
               claims.not_before || claims.issued_at || claims.id || claims.scope);
}

TEST(Claims, AreAJsonObject) {
  for (const char* payload : {"", "[]", "null", "\"a\"", "{", R"({"iss":"a"} x)"})
    EXPECT_NE(fault_of_claims(payload), "") << payload;
}

// RFC 7519 section 4. One reader would take the first of them, another one the last.
TEST(Claims, AreEachThereOnce) {
  EXPECT_EQ(fault_of_claims(R"({"iss":"a","iss":"b"})"), "a member name occurs twice at byte 19");
  EXPECT_NE(fault_of_claims(R"({"iss":"a","\u0069ss":"b"})"), "");
  EXPECT_NE(fault_of_claims(R"({"other":{"a":1,"a":2}})"), "");
}

TEST(Claims, AreOfLimitedDepth) {
  const auto nested = [](std::size_t depth) {
    return R"({"x":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
  };
  EXPECT_EQ(fault_of_claims(nested(16)), "");
  EXPECT_NE(fault_of_claims(nested(17)), "");
  EXPECT_NE(fault_of_claims(nested(7'000)), "");
}

TEST(Claims, ThatAreUnknownAreIgnored) {
  EXPECT_EQ(fault_of_claims(R"({"azp":1,"ISS":2,"http://example.com/is_root":true})"), "");
}

TEST(Claims, OfTheWrongTypeAreNotTakenAsAbsent) {
  for (const char* name : {"iss", "sub", "jti"}) {
    for (const char* value : {"1", "null", "true", "[]", "{}", "[\"a\"]"})
      EXPECT_EQ(fault_of_claims("{\"" + std::string(name) + "\":" + value + '}'),
                std::string(name) + " is no string");
  }
}

TEST(Claims, ThatNameSomethingAreNotEmpty) {
  for (const char* name : {"iss", "sub", "jti"})
    EXPECT_EQ(fault_of_claims("{\"" + std::string(name) + "\":\"\"}"),
              std::string(name) + " is empty");
}

TEST(Claims, ThatNameSomethingHaveNoControlCharacters) {
  for (const char* name : {"iss", "sub", "jti"}) {
    for (const char* value : {R"("a\nb")", R"("a\u0000")", R"("\u009b[31m")"})
      EXPECT_EQ(fault_of_claims("{\"" + std::string(name) + "\":" + value + '}'),
                std::string(name) + " has control characters");
  }
}

TEST(Claims, AreOfLimitedLength) {
  const auto claim = [](std::string_view name, std::size_t bytes) {
    return "{\"" + std::string(name) + "\":\"" + std::string(bytes, 'a') + "\"}";
  };
  for (const char* name : {"iss", "sub", "aud", "scope"}) {
    EXPECT_EQ(fault_of_claims(claim(name, 2048)), "") << name;
    EXPECT_EQ(fault_of_claims(claim(name, 2049)), std::string(name) + " is too long");
  }
  EXPECT_EQ(fault_of_claims(claim("jti", 256)), "");
  EXPECT_EQ(fault_of_claims(claim("jti", 257)), "jti is too long");
  EXPECT_EQ(fault_of_claims(claim("jti", 9), {.jti_bytes = 8}), "jti is too long");
}

// RFC 7519 section 4.1.3.
TEST(ClaimsAudience, IsAStringOrAListOfThem) {
  EXPECT_EQ(claims_of(R"({"aud":"a"})").audiences, std::vector<std::string>{"a"});
  EXPECT_EQ(claims_of(R"({"aud":[]})").audiences, std::vector<std::string>{});
  for (const char* payload : {R"({"aud":1})", R"({"aud":null})", R"({"aud":{}})"})
    EXPECT_EQ(fault_of_claims(payload), "aud is neither a string nor an array");
  for (const char* payload : {R"({"aud":["a",1]})", R"({"aud":["a",["b"]]})", R"({"aud":[null]})"})
    EXPECT_EQ(fault_of_claims(payload), "aud has an element that is no string");
}

TEST(ClaimsAudience, IsAListOfLimitedLength) {
  const auto payload = [](std::size_t count) {
    std::string list = R"("a")";
    for (std::size_t more = 1; more < count; ++more)
      list += R"(,"a")";
    return R"({"aud":[)" + list + "]}";
  };
  EXPECT_EQ(fault_of_claims(payload(32)), "");
  EXPECT_EQ(fault_of_claims(payload(33)), "aud has too many audiences");
}

// Others put lists under this name; only a string is ours (RFC 8693 section 4.2).
TEST(ClaimsScope, ThatIsNoStringIsUnknown) {
  EXPECT_FALSE(claims_of(R"({"scope":["a"]})").scope);
  EXPECT_FALSE(claims_of(R"({"scope":1})").scope);
  EXPECT_EQ(claims_of(R"({"scope":""})").scope, "");
}

// RFC 7519 section 2: "a JSON numeric value".
TEST(ClaimsDate, IsANumber) {
  for (const char* name : {"exp", "nbf", "iat"}) {
    for (const char* value : {"\"1800000000\"", "null", "true", "[1800000000]", "{}"})
      EXPECT_EQ(fault_of_claims("{\"" + std::string(name) + "\":" + value + '}'),
                std::string(name) + " is no NumericDate from 0 to 2^53");
  }
}

TEST(ClaimsDate, IsNeitherNegativeNorBeyondWholeSeconds) {
  for (const char* value : {"-1", "-0.5", "9007199254740993", "9007199254740994.0", "1e300",
                            "18446744073709551615", "-9223372036854775808"})
    EXPECT_EQ(fault_of_claims(R"({"exp":)" + std::string(value) + '}'),
              "exp is no NumericDate from 0 to 2^53")
        << value;
  EXPECT_NE(fault_of_claims(R"({"exp":1e400})"), "") << "not finite";
}

TEST(ClaimsDate, ReachesFromZeroToTheFarthestTime) {
  EXPECT_EQ(expiry_of("0"), at(0s));
  EXPECT_EQ(expiry_of("-0"), at(0s));
  EXPECT_EQ(expiry_of("-0.0"), at(0s));
  EXPECT_EQ(expiry_of("253402300799"), at(253402300799s)); // the end of the year 9999
  EXPECT_EQ(expiry_of("9007199254740992"), kFarthestTime);
  EXPECT_EQ(expiry_of("9007199254740992.0"), kFarthestTime);
}

TEST(ClaimsDate, MayBeWrittenWithAnExponent) { EXPECT_EQ(expiry_of("1.8e9"), at(1800000000s)); }

TEST(ClaimsDate, KeepsWholeMicroseconds) {
  EXPECT_EQ(expiry_of("1800000000.7"), at(1800000000'700000us));
  EXPECT_EQ(expiry_of("1800000000.000001"), at(1800000000'000001us));
  EXPECT_EQ(expiry_of("0.5"), at(500ms));
}

// For a clock of whole microseconds this changes no comparison.
TEST(ClaimsDate, IsRoundedUp) {
  EXPECT_EQ(expiry_of("1.0000001"), at(1'000001us));
  EXPECT_EQ(expiry_of("1.9999999"), at(2s));
}

} // namespace
} // namespace assay::jose
