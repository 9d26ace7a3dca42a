#include "endpoints/certificate_header.h"

#include <optional>

#include "base/base64url.h"
#include "base/form_text.h"

namespace assay::endpoints {

namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

// One block, and nothing before or behind it but white space.
std::optional<std::string> base64_in(const std::string& pem) {
  if (!pem.starts_with(kBegin)) return std::nullopt;
  const std::size_t end = pem.find(kEnd);
  if (end == std::string::npos) return std::nullopt;
  if (pem.find_first_not_of(" \r\n", end + kEnd.size()) != std::string::npos) return std::nullopt;
  std::string text = pem.substr(kBegin.size(), end - kBegin.size());
  std::erase_if(text, [](char character) { return std::string_view(" \r\n").contains(character); });
  return text;
}

std::optional<std::string> decode(std::string_view value) {
  if (value.starts_with("-----")) {
    const auto pem = form_decode(value);
    const auto text = pem ? base64_in(*pem) : std::nullopt;
    return text ? base64_decode(*text) : std::nullopt;
  }
  if (value.size() > 2 && value.starts_with(':') && value.ends_with(':'))
    value = value.substr(1, value.size() - 2);
  return base64_decode(value);
}

} // namespace

Result<std::string> read_certificate_header(std::string_view value) {
  auto der = decode(value);
  if (!der || der->empty())
    return refuse(Reason::client_certificate_malformed,
                  "expected base64 of DER, or PEM with percent-escapes");
  return std::move(*der);
}

} // namespace assay::endpoints
