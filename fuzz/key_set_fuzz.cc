// Whatever a jwks_uri answers, it is refused with a sentence or gives keys that can be registered.
// The first line is its Cache-Control.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "fetch/address_range.h"
#include "registry/key_set_answer.h"
#include "registry/record_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = text.find('\n');
  fetch::FetchAnswer answer{.status = 200, .fields = {}, .body = {}};
  answer.fields.emplace_back("cache-control", text.substr(0, end));
  answer.fields.emplace_back("expires", text.substr(0, end));
  if (end != std::string::npos) answer.body = text.substr(end + 1);

  const auto keys = registry::read_key_set(answer, TimePoint());
  if (keys)
    ASSAY_ASSERT(!keys->keys.empty() && keys->keys.size() <= registry::kKeysMax,
                 "one key at least, and no more than an application may have");
  else
    ASSAY_ASSERT(!keys.error().empty(), "a sentence for the operator");

  fetch::AddressRange::parse(answer.fields.front().second);
  return 0;
}
