// Whatever the bytes are, parse_form() refuses them or reads them as fields that survive being
// encoded and read again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/form_text.h"
#include "http/form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  http::is_form(text);

  const auto fields = http::parse_form(text);
  if (!fields) return 0;
  ASSAY_ASSERT(fields->size() <= http::kFormFieldsMax, "no more fields than the limit");

  std::string encoded;
  for (const http::FormField& field : *fields)
    encoded += form_encode(field.name) + '=' + form_encode(field.value) + '&';
  const auto again = http::parse_form(encoded);
  ASSAY_ASSERT(again && *again == *fields, "the same fields after encoding them");
  return 0;
}
