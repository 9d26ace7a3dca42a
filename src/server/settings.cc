#include "server/settings.h"

namespace assay::server {

namespace {

void fill_in(std::string& text, const std::string& port) {
  for (std::size_t at = text.find(kPortPlaceholder); at != std::string::npos;
       at = text.find(kPortPlaceholder, at + port.size()))
    text.replace(at, kPortPlaceholder.size(), port);
}

} // namespace

Settings with_port(Settings settings, std::uint16_t port) {
  const std::string digits = std::to_string(port);
  fill_in(settings.issuer, digits);
  for (auto& service : settings.token_services)
    for (std::string& audience : service.audiences)
      fill_in(audience, digits);
  return settings;
}

} // namespace assay::server
