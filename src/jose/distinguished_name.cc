#include "jose/distinguished_name.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/objects.h>

#include "base/utf8.h"
#include "crypto/openssl.h"

namespace assay::jose {

namespace {

using ObjectHandle = std::unique_ptr<ASN1_OBJECT, crypto::Freed<ASN1_OBJECT_free>>;
using ValueHandle = std::unique_ptr<ASN1_TYPE, crypto::Freed<ASN1_TYPE_free>>;

constexpr char kText = '=';
constexpr char kDer = '#';

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 4512 section 1.4: `descr` or `numericoid`, where OpenSSL would take more.
bool is_type(std::string_view name) {
  if (name.empty()) return false;
  if (is_letter(name.front()))
    return std::ranges::all_of(name,
                               [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  char before = '.';
  for (const char c : name) {
    if (c == '.' ? before == '.' : !is_digit(c)) return false;
    before = c;
  }
  return before != '.';
}

// RFC 4518 section 2.2 maps them to a space.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::optional<unsigned> hexadecimal(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char letter = lower(c);
  if (letter < 'a' || letter > 'f') return std::nullopt;
  return static_cast<unsigned>(letter - 'a') + 10;
}

// Spaces at both ends go, and those within become one.
std::string folded(std::string_view text) {
  std::string value(1, kText);
  bool is_after_space = true;
  for (const char c : text) {
    if (!is_space(c))
      value += lower(c);
    else if (!is_after_space)
      value += ' ';
    is_after_space = is_space(c);
  }
  if (value.size() > 1 && value.back() == ' ') value.pop_back();
  return value;
}

bool is_text(int type) {
  constexpr std::array kTexts{V_ASN1_UTF8STRING,      V_ASN1_PRINTABLESTRING, V_ASN1_IA5STRING,
                              V_ASN1_T61STRING,       V_ASN1_BMPSTRING,       V_ASN1_NUMERICSTRING,
                              V_ASN1_UNIVERSALSTRING, V_ASN1_VISIBLESTRING};
  return std::ranges::find(kTexts, type) != kTexts.end();
}

std::string bytes_of(const crypto::BytesHandle& bytes, int size) {
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

// One spelling, whichever of the kinds of text a certificate's author took. None if it is no text,
// or none that can be read.
std::optional<std::string> folded(const ASN1_STRING* value) {
  unsigned char* bytes = nullptr;
  if (!is_text(ASN1_STRING_type(value))) return std::nullopt;
  const int size = ASN1_STRING_to_UTF8(&bytes, value);
  const crypto::BytesHandle holder(bytes);
  if (size < 0) return std::nullopt;
  return folded(bytes_of(holder, size));
}

std::string der_of(const ASN1_STRING& value) {
  ASN1_TYPE whole{};
  whole.type = ASN1_STRING_type(&value);
  whole.value.asn1_string = const_cast<ASN1_STRING*>(&value);
  unsigned char* bytes = nullptr;
  const int size = i2d_ASN1_TYPE(&whole, &bytes);
  const crypto::BytesHandle holder(bytes);
  return size > 0 ? kDer + bytes_of(holder, size) : std::string(1, kDer);
}

std::string bytes_of(const ASN1_OBJECT* type) {
  return {reinterpret_cast<const char*>(OBJ_get0_data(type)), OBJ_length(type)};
}

} // namespace

// Takes the text apart from left to right.
class DistinguishedNameReader {
public:
  explicit DistinguishedNameReader(std::string_view text) : rest_(text) {}

  KeyResult<DistinguishedName> read() {
    if (rest_.empty()) return key_fault("must name somebody");
    DistinguishedName name;
    std::size_t attributes = 0;
    char separator = ',';
    while (true) {
      if (++attributes > DistinguishedName::kAttributesMax)
        return key_fault(
            fmt::format("must have up to {} attributes", DistinguishedName::kAttributesMax));
      auto attribute = read_attribute();
      if (!attribute) return std::unexpected(std::move(attribute.error()));
      if (separator == ',') name.levels_.emplace_back();
      name.levels_.back().push_back(*std::move(attribute));
      if (rest_.empty()) break;
      separator = rest_.front(); // a comma or a plus sign: all that ends a value
      rest_.remove_prefix(1);
    }
    for (auto& level : name.levels_)
      std::ranges::sort(level);
    return name;
  }

private:
  KeyResult<DistinguishedName::Attribute> read_attribute() {
    const std::size_t equals = rest_.find('=');
    const auto type = equals == std::string_view::npos
                          ? std::nullopt
                          : type_named(std::string(rest_.substr(0, equals)));
    if (!type)
      return key_fault("must be a name as RFC 4514 writes it, such as \"CN=billing,O=Example\": "
                       "attribute types without spaces around them");
    rest_.remove_prefix(equals + 1);
    auto value = rest_.starts_with('#') ? read_hexadecimal() : read_text();
    if (!value) return std::unexpected(std::move(value.error()));
    return DistinguishedName::Attribute{*type, *std::move(value)};
  }

  static std::optional<std::string> type_named(const std::string& name) {
    if (!is_type(name)) return std::nullopt;
    // RFC 4514 section 3.
    static constexpr std::array<std::pair<std::string_view, const char*>, 9> kTable{
        {{"cn", "2.5.4.3"},
         {"l", "2.5.4.7"},
         {"st", "2.5.4.8"},
         {"o", "2.5.4.10"},
         {"ou", "2.5.4.11"},
         {"c", "2.5.4.6"},
         {"street", "2.5.4.9"},
         {"dc", "0.9.2342.19200300.100.1.25"},
         {"uid", "0.9.2342.19200300.100.1.1"}}};
    std::string lowered = name;
    std::ranges::transform(lowered, lowered.begin(), lower);
    const auto* const known =
        std::ranges::find(kTable, lowered, [](const auto& entry) { return entry.first; });
    const crypto::ErrorQueueCleaner cleaner;
    const ObjectHandle type(OBJ_txt2obj(known == kTable.end() ? name.c_str() : known->second, 0));
    return type ? std::optional(bytes_of(type.get())) : std::nullopt;
  }

  // `#` and the BER of the value, which may be a text after all.
  KeyResult<std::string> read_hexadecimal() {
    const auto malformed = [] {
      return key_fault("must have hexadecimal digits of one DER value behind a #");
    };
    std::string der;
    rest_.remove_prefix(1);
    for (; !is_at_end(); rest_.remove_prefix(2)) {
      const auto byte = hexadecimal_pair(rest_);
      if (!byte) return malformed();
      der += *byte;
    }
    const crypto::ErrorQueueCleaner cleaner;
    const unsigned char* at = crypto::bytes_of(der);
    const ValueHandle value(d2i_ASN1_TYPE(nullptr, &at, static_cast<long>(der.size())));
    if (!value || at != crypto::bytes_of(der) + der.size()) return malformed();
    if (is_text(value->type))
      if (auto text = folded(value->value.asn1_string)) return *std::move(text);
    return kDer + der;
  }

  KeyResult<std::string> read_text() {
    std::string text;
    bool ends_in_space = false;
    if (rest_.starts_with(' ')) return unescaped_space();
    while (!is_at_end()) {
      const char c = rest_.front();
      ends_in_space = c == ' ';
      if (c == '\\') {
        const auto escaped = read_escape();
        if (!escaped)
          return key_fault("must have a special character or two hexadecimal digits "
                           "behind each backslash");
        text += *escaped;
        continue;
      }
      constexpr std::string_view kMustBeEscaped("\";<>\0", 5);
      if (kMustBeEscaped.contains(c))
        return key_fault("must have a backslash before each of \" ; < and > in a value");
      text += c;
      rest_.remove_prefix(1);
    }
    if (ends_in_space) return unescaped_space();
    if (!is_utf8(text)) return key_fault("must be UTF-8 behind its escapes");
    return folded(text);
  }

  static std::unexpected<KeyFault> unescaped_space() {
    return key_fault("must have no space at the beginning or the end of a value but behind a "
                     "backslash");
  }

  std::optional<char> read_escape() {
    constexpr std::string_view kSpecial = "\\\"+,;<> #=";
    rest_.remove_prefix(1);
    if (!rest_.empty() && kSpecial.contains(rest_.front())) {
      const char special = rest_.front();
      rest_.remove_prefix(1);
      return special;
    }
    const auto byte = hexadecimal_pair(rest_);
    if (byte) rest_.remove_prefix(2);
    return byte;
  }

  static std::optional<char> hexadecimal_pair(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    const auto high = hexadecimal(text[0]);
    const auto low = hexadecimal(text[1]);
    if (!high || !low) return std::nullopt;
    return static_cast<char>(*high * 16 + *low);
  }

  bool is_at_end() const { return rest_.empty() || rest_.front() == ',' || rest_.front() == '+'; }

  std::string_view rest_;
};

KeyResult<DistinguishedName> DistinguishedName::parse(std::string_view text) {
  return DistinguishedNameReader(text).read();
}

DistinguishedName::DistinguishedName(const X509_name_st& name) {
  const crypto::ErrorQueueCleaner cleaner;
  std::optional<int> set;
  for (int index = 0; index < X509_NAME_entry_count(&name); ++index) {
    const X509_NAME_ENTRY* const entry = X509_NAME_get_entry(&name, index);
    const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(entry);
    if (set != X509_NAME_ENTRY_set(entry)) levels_.emplace_back();
    set = X509_NAME_ENTRY_set(entry);
    auto text = folded(value);
    levels_.back().push_back(
        {bytes_of(X509_NAME_ENTRY_get_object(entry)), text ? *std::move(text) : der_of(*value)});
  }
  for (Level& level : levels_)
    std::ranges::sort(level);
  std::ranges::reverse(levels_); // a certificate begins with what says least
}

} // namespace assay::jose
