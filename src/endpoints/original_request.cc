#include "endpoints/original_request.h"

#include <fmt/format.h>

#include "base/url.h"

namespace assay::endpoints {

namespace {

Result<std::string> told_once(const http::Request& request, std::string_view name) {
  if (request.field_count(name) != 1)
    return refuse(Reason::dpop_url_mismatch, fmt::format("expected one {} of the gateway", name));
  return std::string(*request.field(name));
}

} // namespace

Result<oauth::DpopTarget> read_original_request(const http::Request& request) {
  auto method = told_once(request, "X-Forwarded-Method");
  if (!method) return std::unexpected(std::move(method.error()));
  const auto scheme = told_once(request, "X-Forwarded-Proto");
  if (!scheme) return std::unexpected(scheme.error());
  const auto host = told_once(request, "X-Forwarded-Host");
  if (!host) return std::unexpected(host.error());
  const auto uri = told_once(request, "X-Forwarded-Uri");
  if (!uri) return std::unexpected(uri.error());

  std::string url = fmt::format("{}://{}{}", *scheme, *host, *uri);
  if (!uri->starts_with('/') || !parse_http_url(url))
    return refuse(Reason::dpop_url_mismatch, "the gateway's headers are no URL");
  return oauth::DpopTarget{std::move(*method), std::move(url), {}};
}

} // namespace assay::endpoints
