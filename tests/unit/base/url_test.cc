#include "base/url.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(Url, ReadsItsParts) {
  const auto url = parse_http_url("https://api.example:8443/oauth/token?a=b");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/oauth/token?a=b");
}

TEST(Url, HasThePortOfItsSchemeAndTheRootByDefault) {
  EXPECT_EQ(parse_http_url("http://a")->port, 80);
  EXPECT_EQ(parse_http_url("https://a")->port, 443);
  EXPECT_EQ(parse_http_url("http://a")->path, "/");
}

TEST(Url, TakesTheBracketsOffAnIpv6Address) {
  EXPECT_EQ(parse_http_url("http://[::1]:8080/")->host, "::1");
}

TEST(Url, TakesSchemesOfAnyCase) { EXPECT_EQ(parse_http_url("HTTPS://a")->scheme, "https"); }

TEST(Url, RefusesOtherSchemes) {
  EXPECT_FALSE(parse_http_url("ftp://a/"));
  EXPECT_FALSE(parse_http_url("file:///etc/passwd"));
  EXPECT_FALSE(parse_http_url("javascript:alert(1)"));
}

TEST(Url, RefusesWhatIsNotAbsolute) {
  EXPECT_FALSE(parse_http_url(""));
  EXPECT_FALSE(parse_http_url("/path"));
  EXPECT_FALSE(parse_http_url("//a/path"));
  EXPECT_FALSE(parse_http_url("http:/a"));
  EXPECT_FALSE(parse_http_url("http://"));
}

// `http://trusted.example@evil.example/` goes to evil.example.
TEST(Url, RefusesUserInformation) {
  EXPECT_FALSE(parse_http_url("http://trusted.example@evil.example/"));
  EXPECT_FALSE(parse_http_url("http://user:password@a/"));
}

TEST(Url, RefusesAPortThatIsNone) {
  EXPECT_FALSE(parse_http_url("http://a:0/"));
  EXPECT_FALSE(parse_http_url("http://a:65536/"));
  EXPECT_FALSE(parse_http_url("http://a:http/"));
}

TEST(Url, RefusesWhatMayNotStandInOne) {
  EXPECT_FALSE(parse_http_url("http://a/ b"));
  EXPECT_FALSE(parse_http_url("http://a/\r\nHost: b"));
  EXPECT_FALSE(parse_http_url("http://a/\xC3\xA9"));
}

// RFC 3986 sections 6.2.2 and 6.2.3.
TEST(Url, HasOneSpelling) {
  for (const char* spelling :
       {"https://api.example/a/b", "HTTPS://API.Example/a/b", "https://api.example:443/a/b",
        "https://api.example/a/./c/../b", "https://api.example/../a/b", "https://api.example/%61/b",
        "https://api.example/a/b?page=2", "https://api.example/a/b#top"})
    EXPECT_EQ(normalized_http_url(spelling), "https://api.example/a/b") << spelling;
  EXPECT_EQ(normalized_http_url("http://a"), "http://a/");
  EXPECT_EQ(normalized_http_url("http://a:80"), "http://a/");
  EXPECT_EQ(normalized_http_url("http://a:443/"), "http://a:443/");
  EXPECT_EQ(normalized_http_url("http://a/b/.."), "http://a/");
  EXPECT_EQ(normalized_http_url("http://a/b/."), "http://a/b/");
  EXPECT_EQ(normalized_http_url("http://a/b/%2e%2E/c"), "http://a/c");
  EXPECT_EQ(normalized_http_url("http://a//b/...//"), "http://a//b/...//");
  EXPECT_EQ(normalized_http_url("http://[2001:DB8::1]:8080/"), "http://[2001:db8::1]:8080/");
  EXPECT_EQ(normalized_http_url("http://a/%2f%c3%a9"), "http://a/%2F%C3%A9");
}

TEST(Url, HasDifferentSpellingsWhereItDiffers) {
  EXPECT_NE(normalized_http_url("http://a/b"), normalized_http_url("http://a/b/"));
  EXPECT_NE(normalized_http_url("http://a/b"), normalized_http_url("https://a/b"));
  EXPECT_NE(normalized_http_url("http://a/b"), normalized_http_url("http://a/B"));
  EXPECT_NE(normalized_http_url("http://a/b%3Fc"), normalized_http_url("http://a/b"));
  EXPECT_NE(normalized_http_url("http://a/%2F"), normalized_http_url("http://a//"));
  EXPECT_FALSE(normalized_http_url("http://user@a/"));
  EXPECT_FALSE(normalized_http_url("a/b"));
}

TEST(Url, TakesAnyAbsoluteUriWithoutAFragment) {
  EXPECT_TRUE(is_absolute_uri("https://api.example/orders"));
  EXPECT_TRUE(is_absolute_uri("urn:example:orders"));
  EXPECT_FALSE(is_absolute_uri("https://api.example/orders#one"));
  EXPECT_FALSE(is_absolute_uri("/orders"));
  EXPECT_FALSE(is_absolute_uri(""));
}

} // namespace
} // namespace assay
