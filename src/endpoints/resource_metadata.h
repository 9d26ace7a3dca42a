// GET /.well-known/oauth-protected-resource (RFC 9728): for a client that was refused at a
// protected API, who issues tokens for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace assay::endpoints {

// Immutable. One document for each resource that tokens are for.
class ResourceMetadata {
public:
  // Of the resources, those that are http or https URLs have documents: for others there is no
  // place to look. Each once.
  ResourceMetadata(const std::string& issuer, const std::vector<std::string>& resources);

  // The paths to be served: the well-known segment stands between a resource's host and its path
  // (RFC 9728 section 3.1).
  std::vector<std::string> paths() const;

  // The document at that path. Resources of several hosts can share a path, so the request's Host
  // chooses; whoever asks for the only one gets it, by whatever name the server is called. 404 if
  // none fits.
  http::Response answer(const http::Request& request) const;

  // Where the metadata of that resource is; none if it has none here.
  std::optional<std::string> url_of(std::string_view resource) const;

private:
  struct Document {
    std::string resource;
    std::string origin;
    std::string authority; // as a Host header has it
    std::string path;
    std::string body;
  };

  std::vector<Document> documents_;
};

} // namespace assay::endpoints
