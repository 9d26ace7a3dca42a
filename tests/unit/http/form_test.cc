#include "http/form.h"

#include <string>

#include <gtest/gtest.h>

namespace assay::http {
namespace {

using namespace std::string_literals;
using Fields = std::vector<FormField>;

Reason reason(const Result<Fields>& result) { return result.error().reason; }

TEST(Form, KeepsFieldsInTheirOrderRepeatedOnesIncluded) {
  EXPECT_EQ(parse_form("a=1&b=2&a=1"), (Fields{{"a", "1"}, {"b", "2"}, {"a", "1"}}));
}

TEST(Form, DecodesPlusSignsAndEscapesInNamesAndValues) {
  EXPECT_EQ(parse_form("a+b%3D=c+d%2B%26e"), (Fields{{"a b=", "c d+&e"}}));
}

TEST(Form, KeepsEqualsSignsAfterTheFirstInTheValue) {
  EXPECT_EQ(parse_form("a=b=c=="), (Fields{{"a", "b=c=="}}));
}

TEST(Form, TakesANameAloneAsAnEmptyValue) {
  EXPECT_EQ(parse_form("a&b=&=c"), (Fields{{"a", ""}, {"b", ""}, {"", "c"}}));
}

TEST(Form, ReadsOverEmptyParts) {
  EXPECT_EQ(parse_form(""), Fields{});
  EXPECT_EQ(parse_form("&&a=1&"), (Fields{{"a", "1"}}));
}

TEST(Form, TakesUtf8EscapedOrNot) {
  EXPECT_EQ(parse_form("a=%C3%A9\xC3\xA9"), (Fields{{"a", "\xC3\xA9\xC3\xA9"}}));
}

TEST(Form, RefusesBrokenEscapes) {
  for (const std::string_view body : {"a=%", "a=%2", "a=%zz", "a=%2&b=0", "%=a", "a=%%20"})
    EXPECT_EQ(reason(parse_form(body)), Reason::form_malformed) << body;
}

TEST(Form, RefusesNulEscapedOrNot) {
  EXPECT_EQ(reason(parse_form("a=b%00c")), Reason::form_malformed);
  EXPECT_EQ(reason(parse_form("a=b\0c"s)), Reason::form_malformed);
}

TEST(Form, RefusesBytesThatAreNotUtf8) {
  for (const std::string_view body : {"a=%FF", "a=%C3", "a=\xC3", "a=%C0%AF", "a=%ED%A0%80"})
    EXPECT_EQ(reason(parse_form(body)), Reason::form_malformed) << body;
}

TEST(Form, RefusesMoreFieldsThanItsLimit) {
  std::string body = "a=0";
  for (std::size_t count = 1; count < kFormFieldsMax; ++count)
    body += "&a=0";
  EXPECT_EQ(parse_form(body)->size(), kFormFieldsMax);
  EXPECT_EQ(reason(parse_form(body + "&a=0")), Reason::form_malformed);
}

// The detail goes to the audit log: the field may be a secret.
TEST(Form, DoesNotQuoteTheFieldThatItRefuses) {
  const auto refused = parse_form("a=1&client_secret=hunter2%");
  EXPECT_EQ(refused.error().detail, "field 2 is not encoded as it should be");
}

TEST(FormType, IsKnownWhateverItsLetterCaseAndParameters) {
  for (const std::string_view type :
       {"application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded",
        "application/x-www-form-urlencoded;charset=UTF-8",
        "application/x-www-form-urlencoded ; Charset=\"utf-8\"; other=1"})
    EXPECT_TRUE(is_form(type)) << type;
}

TEST(FormType, IsNoOtherType) {
  for (const std::string_view type : {"", "application/json", "multipart/form-data",
                                      "application/x-www-form-urlencodedx", "text/plain;a=b"})
    EXPECT_FALSE(is_form(type)) << type;
}

TEST(FormType, IsInNoOtherCharset) {
  for (const std::string_view charset : {"iso-8859-1", "", "\"utf-16\"", "utf-8x", "\""})
    EXPECT_FALSE(is_form("application/x-www-form-urlencoded; charset=" + std::string(charset)))
        << charset;
}

} // namespace
} // namespace assay::http
