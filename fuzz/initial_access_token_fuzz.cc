// Whatever a row of an initial access token holds, it is refused by its members or comes out of the
// store as it went in; whatever a client shows for one, its id is one that a row can have.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "registry/initial_access_token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto id = registry::initial_access_token_id(text))
    ASSAY_ASSERT(id->size() == 16 && text.starts_with(*id), "the id that it begins with");

  const auto record = parse_strict_json(text);
  if (!record) return 0;
  constexpr std::string_view kId = "0123456789abcdef";
  const auto token = registry::parse_initial_access_token(kId, *record);
  if (!token) {
    ASSAY_ASSERT(!token.error().empty(), "a member to blame");
    return 0;
  }
  ASSAY_ASSERT(!token->ceiling.grants.empty() && !token->ceiling.auth_methods.empty(),
               "a ceiling that says what it allows");
  const json::object written = registry::to_record(*token);
  const auto again = registry::parse_initial_access_token(kId, written);
  ASSAY_ASSERT(again && registry::to_record(*again) == written, "what is written can be read");
  return 0;
}
