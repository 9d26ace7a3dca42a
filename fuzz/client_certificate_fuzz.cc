// Whatever a proxy passes on as a client's certificate is refused, or is one certificate whose
// names and key can be compared.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "endpoints/certificate_header.h"
#include "jose/client_certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace assay;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);

  if (const auto der = endpoints::read_certificate_header(text)) {
    ASSAY_ASSERT(!der->empty(), "a certificate");
    (void)jose::parse_client_certificate(*der);
  }
  if (const auto certificate = jose::parse_client_certificate(text)) {
    ASSAY_ASSERT(certificate->thumbprint == crypto::sha256(text), "all of it");
    for (const std::string& address : certificate->ip_addresses)
      ASSAY_ASSERT(jose::canonical_ip_address(address) == address, "one spelling");
  }
  return 0;
}
