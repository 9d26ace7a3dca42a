// Names of X.501, as certificates have them and as people write them (RFC 4514), compared as RFC
// 4517 section 4.2.15 says: two texts of one name are equal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "jose/key_fault.h"

struct X509_name_st; // OpenSSL's

namespace assay::jose {

// A value; it names somebody or something, so it is never empty when it was read from text.
class DistinguishedName {
public:
  static constexpr std::size_t kAttributesMax = 64;

  // As RFC 4514 section 3 has it, to the letter: no spaces around separators, no quotation marks.
  // Attributes are named by that section's table in any letter case, by OpenSSL's names in theirs,
  // or by their number. Refused in a sentence that can stand behind the name of a field.
  static KeyResult<DistinguishedName> parse(std::string_view text);

  // Of a certificate.
  explicit DistinguishedName(const X509_name_st& name);

  // Values that are text have neither letter case nor spaces that count (RFC 4518), but beyond
  // ASCII each character stands for itself: two that LDAP would take for one differ here, which
  // refuses more than it must and never less. Attributes of one level have no order.
  bool operator==(const DistinguishedName&) const = default;

private:
  struct Attribute {
    std::string type;  // its object identifier, in DER
    std::string value; // folded text behind a `=`, the DER of anything else behind a `#`

    auto operator<=>(const Attribute&) const = default;
  };
  using Level = std::vector<Attribute>; // in order, so that two can be compared
  friend class DistinguishedNameReader;

  DistinguishedName() = default;

  std::vector<Level> levels_; // the one that says most comes first
};

} // namespace assay::jose
