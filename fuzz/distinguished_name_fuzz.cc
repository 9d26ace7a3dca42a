// Whatever is registered as the subject of a certificate is refused, or is a name that equals
// itself and no name of more levels.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "jose/distinguished_name.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using assay::jose::DistinguishedName;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto name = DistinguishedName::parse(text);
  if (!name) return 0;
  ASSAY_ASSERT(*name == *DistinguishedName::parse(text), "one name");

  const std::string longer = "CN=x," + std::string(text);
  if (const auto other = DistinguishedName::parse(longer))
    ASSAY_ASSERT(*other != *name, "a name of more levels is another");
  return 0;
}
