// Whatever is sent as a DPoP proof is refused or has all that one must have; and none that was made
// up is good.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/base64url.h"
#include "oauth/dpop_verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  static const oauth::DpopNonces nonces("a secret of the node", std::chrono::seconds(300));
  static const oauth::DpopVerifier verifier({{}, nonces});

  if (const auto proof = oauth::parse_dpop_proof(text)) {
    ASSAY_ASSERT(!proof->id.empty() && !proof->method.empty() && !proof->url.empty(), "its claims");
    ASSAY_ASSERT(proof->jws.header.type.has_value(), "its type");
    (void)oauth::key_in(*proof);
  }
  // As text, or as header and payload that are encoded here, with a signature that is none.
  const oauth::DpopTarget target{"POST", "https://server.example.com/token", {}};
  const TimePoint now{std::chrono::seconds(1'562'262'617)};
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos) {
    (void)verifier.verify(text, target, now);
    return 0;
  }
  const std::string made = base64url_encode(text.substr(0, line)) + "." +
                           base64url_encode(text.substr(line + 1)) + "." +
                           base64url_encode(std::string(64, 's'));
  ASSAY_ASSERT(!verifier.verify(made, target, now), "no signature, no proof");
  return 0;
}
