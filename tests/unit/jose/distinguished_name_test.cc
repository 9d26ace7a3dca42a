#include "jose/distinguished_name.h"

#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/openssl.h"

namespace assay::jose {
namespace {

using namespace std::string_literals;
using NameHandle = std::unique_ptr<X509_NAME, crypto::Freed<X509_NAME_free>>;

struct Entry {
  const char* type;
  std::string value;
  int kind = MBSTRING_UTF8;
  int set = 0; // -1: at the level of the one before
};

// In a certificate's order: what says least comes first.
DistinguishedName name_of(const std::vector<Entry>& entries) {
  const NameHandle name(X509_NAME_new());
  for (const Entry& entry : entries)
    EXPECT_EQ(X509_NAME_add_entry_by_txt(name.get(), entry.type, entry.kind,
                                         crypto::bytes_of(entry.value),
                                         static_cast<int>(entry.value.size()), -1, entry.set),
              1);
  return DistinguishedName(*name);
}

bool matches(std::string_view text, const std::vector<Entry>& entries) {
  const auto name = DistinguishedName::parse(text);
  EXPECT_TRUE(name) << text << ": " << (name ? "" : name.error().what);
  return name && *name == name_of(entries);
}

// RFC 4514 section 4.
TEST(DistinguishedName, IsReadAsTheStandardPrintsIt) {
  const auto country = [](std::vector<Entry> rest) {
    std::vector<Entry> all{{"DC", "net", V_ASN1_IA5STRING}, {"DC", "example", V_ASN1_IA5STRING}};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  };
  EXPECT_TRUE(matches("UID=jsmith,DC=example,DC=net", country({{"UID", "jsmith"}})));
  EXPECT_TRUE(matches("OU=Sales+CN=J.  Smith,DC=example,DC=net",
                      country({{"OU", "Sales"}, {"CN", "J.  Smith", MBSTRING_UTF8, -1}})));
  EXPECT_TRUE(matches(R"(CN=James \"Jim\" Smith\, III,DC=example,DC=net)",
                      country({{"CN", "James \"Jim\" Smith, III"}})));
  EXPECT_TRUE(
      matches(R"(CN=Before\0dAfter,DC=example,DC=net)", country({{"CN", "Before\rAfter"}})));
  EXPECT_TRUE(DistinguishedName::parse("1.3.6.1.4.1.1466.0=#04024869"));
  EXPECT_TRUE(matches(R"(CN=Lu\C4\8Di\C4\87)", {{"CN", "Lu\xC4\x8Di\xC4\x87"}}));
}

// RFC 4517 section 4.2.11.
TEST(DistinguishedName, HasNeitherLetterCaseNorSpacesThatCount) {
  const std::vector<Entry> entries{{"O", "Example  Corp"}, {"CN", " Billing "}};
  for (const char* text : {"CN=billing,O=example corp", "cn=BILLING,o=EXAMPLE   CORP",
                           R"(CN=\ Billing\ ,O=Example\20\20Corp)",
                           "2.5.4.3=billing,O=Example Corp", "commonName=billing,O=Example Corp"})
    EXPECT_TRUE(matches(text, entries)) << text;
  for (const char* text : {"CN=bil ling,O=example corp", "CN=billing,O=examplecorp"})
    EXPECT_FALSE(matches(text, entries)) << text;
}

TEST(DistinguishedName, IsAllOfItsLevelsInTheirOrder) {
  const std::vector<Entry> entries{{"C", "DE"}, {"O", "Example"}, {"CN", "billing"}};
  EXPECT_TRUE(matches("CN=billing,O=Example,C=DE", entries));
  for (const char* text :
       {"CN=billing", "CN=billing,O=Example", "O=Example,C=DE", "C=DE,O=Example,CN=billing",
        "CN=billing,O=Example,C=DE,DC=com", "CN=billing+O=Example,C=DE",
        "CN=billing,OU=Example,C=DE", "O=billing,CN=Example,C=DE"})
    EXPECT_FALSE(matches(text, entries)) << text;
}

TEST(DistinguishedName, HasNoOrderWithinALevel) {
  const std::vector<Entry> entries{
      {"O", "Example"}, {"CN", "billing"}, {"UID", "7", MBSTRING_UTF8, -1}};
  EXPECT_TRUE(matches("CN=billing+UID=7,O=Example", entries));
  EXPECT_TRUE(matches("UID=7+CN=billing,O=Example", entries));
  for (const char* text : {"CN=billing,O=Example", "CN=billing,UID=7,O=Example",
                           "UID=7,CN=billing,O=Example", "CN=billing+UID=7+UID=7,O=Example"})
    EXPECT_FALSE(matches(text, entries)) << text;
}

TEST(DistinguishedName, IsTheSameInEachKindOfText) {
  for (const int kind : {V_ASN1_UTF8STRING, V_ASN1_PRINTABLESTRING, V_ASN1_T61STRING})
    EXPECT_TRUE(matches("CN=billing", {{"CN", "billing", kind}})) << kind;
  EXPECT_TRUE(matches("CN=billing", {{"CN", "\0b\0i\0l\0l\0i\0n\0g"s, V_ASN1_BMPSTRING}}));
  EXPECT_TRUE(matches("CN=#0C0762696C6C696E67", {{"CN", "billing"}}));
  EXPECT_TRUE(matches("CN=#130762696c6c696e67", {{"CN", "billing"}}));
}

// A certificate for "billing\0.evil.example" is one for nobody else.
TEST(DistinguishedName, EndsWithItsLastByte) {
  const std::vector<Entry> entries{{"CN", "billing\0.evil"s}};
  EXPECT_FALSE(matches("CN=billing", entries));
  EXPECT_TRUE(matches(R"(CN=billing\00.evil)", entries));
}

// Text that looks like another name does not become one.
TEST(DistinguishedName, TakesSpecialCharactersOfAValueAsTheyAre) {
  EXPECT_FALSE(matches("CN=billing,O=Example", {{"CN", "billing,O=Example"}}));
  EXPECT_TRUE(matches(R"(CN=billing\,O=Example)", {{"CN", "billing,O=Example"}}));
  EXPECT_FALSE(matches("CN=#0C0161", {{"CN", "#0C0161"}}));
  EXPECT_TRUE(matches(R"(CN=\#0C0161)", {{"CN", "#0C0161"}}));
}

TEST(DistinguishedName, MayHaveAnEmptyValue) {
  EXPECT_TRUE(matches("CN=,O=Example", {{"O", "Example"}, {"CN", "  "}}));
  EXPECT_FALSE(matches("O=Example", {{"O", "Example"}, {"CN", "  "}}));
}

TEST(DistinguishedName, IsRefusedInOtherSpellings) {
  for (const std::string text : {"",
                                 "billing",
                                 "CN",
                                 "=billing",
                                 "CN=billing,",
                                 ",CN=billing",
                                 "CN=a,,O=b",
                                 "CN=a+",
                                 "CN=a, O=b",
                                 "CN =a",
                                 "CN= a",
                                 "CN=a ",
                                 "CN=a ,O=b",
                                 "CN=\"a\"",
                                 "CN=a;O=b",
                                 "CN=a<b",
                                 "CN=a>b",
                                 "/CN=a/O=b",
                                 "CN=a\\",
                                 "CN=a\\x",
                                 "CN=a\\4",
                                 "CN=a\\4g",
                                 "CN=#",
                                 "CN=#0C",
                                 "CN=#0C0161zz",
                                 "CN=#0C01616",
                                 "CN=#0C016161",
                                 "CN=\\FF",
                                 "1.2.=a",
                                 "2..5=a",
                                 "X509v3 Key Usage=a",
                                 "oid.2.5.4.3=a",
                                 "unheardof=a"})
    EXPECT_FALSE(DistinguishedName::parse(text)) << text;
  EXPECT_FALSE(DistinguishedName::parse("CN=a\0b"s));
}

TEST(DistinguishedName, HasALimit) {
  std::string text = "DC=a";
  for (std::size_t count = 1; count < DistinguishedName::kAttributesMax; ++count)
    text += count % 2 == 0 ? ",DC=a" : "+DC=a";
  EXPECT_TRUE(DistinguishedName::parse(text));
  EXPECT_FALSE(DistinguishedName::parse(text + ",DC=a"));
}

} // namespace
} // namespace assay::jose
