// Whatever body is posted where JSON is expected, it is refused for its form or gives the members
// of one object. The first line is its Content-Type.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "endpoints/json_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t end = text.find('\n');
  http::Request request;
  request.fields.push_back({"Content-Type", text.substr(0, end)});
  if (end != std::string::npos) request.body = text.substr(end + 1);

  const auto members = endpoints::read_json_request(request);
  if (!members)
    ASSAY_ASSERT(members.error().reason == Reason::registration_body_malformed, "its reason");
  else
    ASSAY_ASSERT(parse_strict_json(json::serialize(*members)).has_value(), "good JSON again");
  return 0;
}
