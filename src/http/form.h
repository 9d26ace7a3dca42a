// application/x-www-form-urlencoded, as RFC 6749 appendix B uses it. base/form_text.h encodes and
// decodes one value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::http {

struct FormField {
  std::string name;
  std::string value;

  friend bool operator==(const FormField&, const FormField&) = default;
};

inline constexpr std::size_t kFormFieldsMax = 64;

// The fields in their order, repeated ones included; a name without '=' has an empty value. Refuses
// as form_malformed what form_decode() cannot decode, and more than kFormFieldsMax fields.
Result<std::vector<FormField>> parse_form(std::string_view body);

// True if the Content-Type is application/x-www-form-urlencoded, whatever its letter case and
// parameters, but for a charset other than UTF-8.
bool is_form(std::string_view content_type);

} // namespace assay::http
