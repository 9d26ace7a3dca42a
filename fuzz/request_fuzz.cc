// Whatever the bytes are, and however they arrive, RequestParser comes to the same end, and a
// request that it lets through is within the limits. The first byte says in what steps they arrive.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "http/request_parser.h"

namespace {

using namespace assay;

constexpr http::Limits kLimits{.header_bytes = 512, .body_bytes = 64};

struct Outcome {
  http::RequestParser::Stage stage{};
  http::Request request;
  std::size_t used = 0;
};

Outcome parse(std::string_view bytes, std::size_t step) {
  Outcome outcome;
  http::RequestParser parser(outcome.request, kLimits);
  for (std::size_t arrived = 0; arrived < bytes.size() && !parser.is_done();) {
    arrived = std::min(arrived + step, bytes.size());
    outcome.used += parser.take(bytes.substr(outcome.used, arrived - outcome.used));
  }
  outcome.stage = parser.stage();
  return outcome;
}

void check_limits(const http::Request& request) {
  std::size_t header_bytes = request.method.size() + request.path.size() + request.query.size();
  for (const http::Field& field : request.fields)
    header_bytes += field.name.size() + field.value.size();
  ASSAY_ASSERT(header_bytes <= kLimits.header_bytes, "a header within its limit");
  ASSAY_ASSERT(request.body.size() <= kLimits.body_bytes, "a body within its limit");
  ASSAY_ASSERT(request.path.starts_with('/'), "a path");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t step = bytes[0] % 64U + 1U;

  const Outcome whole = parse(text, std::max<std::size_t>(text.size(), 1));
  const Outcome stepwise = parse(text, step);
  const bool complete = whole.stage == http::RequestParser::Stage::complete;
  ASSAY_ASSERT(whole.stage == stepwise.stage, "the same end in steps");
  ASSAY_ASSERT(!complete || whole.used == stepwise.used, "the same length in steps");
  ASSAY_ASSERT(!complete || whole.request.body == stepwise.request.body, "the same body in steps");
  if (complete) check_limits(whole.request);
  return 0;
}
