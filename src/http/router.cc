#include "http/router.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/ranges.h>

#include "base/assert.h"

namespace assay::http {

namespace {

Response refusal(unsigned status, std::string_view description) {
  // The descriptions are our own: nothing in them needs an escape.
  Response response =
      json_response(status, fmt::format(R"({{"error":"invalid_request","error_description":"{}"}})",
                                        description));
  return response.with("Cache-Control", "no-store").with("Pragma", "no-cache");
}

} // namespace

void Router::add(std::string path, std::vector<std::string> methods, Handler handler) {
  ASSAY_ASSERT(path.starts_with('/') && !methods.empty(), "a path and its methods");
  if (std::ranges::find(methods, "GET") != methods.end()) methods.emplace_back("HEAD");
  const auto added =
      routes_.try_emplace(std::move(path), Route{std::move(methods), std::move(handler)});
  ASSAY_ASSERT(added.second, "one handler a path");
}

void Router::add_tree(std::string path, Handler handler) {
  ASSAY_ASSERT(path.starts_with('/') && !path.ends_with('/'), "a path without a slash behind it");
  trees_.emplace_back(std::move(path), std::move(handler));
}

const Handler* Router::find_tree(std::string_view path) const {
  const auto covers = [path](const auto& tree) {
    const std::string& root = tree.first;
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
  };
  const auto tree = std::ranges::find_if(trees_, covers);
  return tree == trees_.end() ? nullptr : &tree->second;
}

std::variant<const Handler*, Response> Router::find(const Request& request) const {
  const auto route = routes_.find(request.path);
  if (route == routes_.end()) {
    if (const Handler* tree = find_tree(request.path)) return tree;
    return refusal(404, "There is nothing at this path.");
  }
  const auto& [methods, handler] = route->second;
  if (std::ranges::find(methods, request.method) != methods.end()) return &handler;
  return refusal(405, "This path does not answer that method.")
      .with("Allow", fmt::format("{}", fmt::join(methods, ", ")));
}

} // namespace assay::http
