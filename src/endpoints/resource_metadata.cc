#include "endpoints/resource_metadata.h"

#include <algorithm>

#include "base/strict_json.h"
#include "base/url.h"

namespace assay::endpoints {

namespace {

constexpr std::string_view kWellKnown = "/.well-known/oauth-protected-resource";

std::string document_of(const std::string& resource, const std::string& issuer) {
  const json::object members{{"resource", resource},
                             {"authorization_servers", json::array{issuer}},
                             {"bearer_methods_supported", json::array{"header"}}};
  return json::serialize(members);
}

} // namespace

ResourceMetadata::ResourceMetadata(const std::string& issuer,
                                   const std::vector<std::string>& resources) {
  for (const std::string& resource : resources) {
    const bool is_known =
        std::ranges::find(documents_, resource, &Document::resource) != documents_.end();
    if (is_known || !parse_http_url(resource) || resource.contains('?')) continue;
    const std::size_t authority = resource.find("://") + 3;
    const std::size_t path = std::min(resource.find('/', authority), resource.size());
    std::string tail = resource.substr(path);
    if (tail == "/") tail.clear();
    documents_.push_back({.resource = resource,
                          .origin = resource.substr(0, path),
                          .authority = resource.substr(authority, path - authority),
                          .path = std::string(kWellKnown) + tail,
                          .body = document_of(resource, issuer)});
  }
}

std::vector<std::string> ResourceMetadata::paths() const {
  std::vector<std::string> paths;
  for (const Document& document : documents_)
    if (std::ranges::find(paths, document.path) == paths.end()) paths.push_back(document.path);
  return paths;
}

http::Response ResourceMetadata::answer(const http::Request& request) const {
  const auto host = request.field("Host");
  std::vector<const Document*> there;
  for (const Document& document : documents_)
    if (document.path == request.path) there.push_back(&document);
  const auto named = std::ranges::find_if(
      there, [&](const Document* document) { return host == document->authority; });

  const Document* chosen = nullptr;
  if (named != there.end())
    chosen = *named;
  else if (there.size() == 1)
    chosen = there.front();
  if (!chosen)
    return http::json_response(404, R"({"error":"invalid_request",)"
                                    R"("error_description":"There is no resource of that host."})");
  http::Response response = http::json_response(200, chosen->body);
  return response.with("Cache-Control", "public, max-age=300");
}

std::optional<std::string> ResourceMetadata::url_of(std::string_view resource) const {
  const auto found = std::ranges::find(documents_, resource, &Document::resource);
  if (found == documents_.end()) return std::nullopt;
  return found->origin + found->path;
}

} // namespace assay::endpoints
