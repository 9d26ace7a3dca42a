// Which endpoint answers which path and method.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/task.h"
#include "http/message.h"

namespace assay::http {

// An endpoint that need not wait is no coroutine. The request outlives the call and its task.
// Called from all threads.
using ImmediateHandler = std::function<Response(const Request&)>;
using WaitingHandler = std::function<Task<Response>(const Request&)>;
using Handler = std::variant<ImmediateHandler, WaitingHandler>;

// Immutable once the server runs; shared by all threads.
class Router {
public:
  // Adds an endpoint. A path that is taken already by another handler is our own mistake.
  // GET also answers HEAD (the connection leaves the body out).
  void add(std::string path, std::vector<std::string> methods, Handler handler);

  // An endpoint for a path and all that lie below it (`/check`, `/check/a/b`), by any method.
  void add_tree(std::string path, Handler handler);

  // Either the handler, or the finished answer: 404, or 405 with Allow (RFC 9110 section 15.5.6).
  // Both as JSON, with Cache-Control: no-store and Pragma: no-cache.
  std::variant<const Handler*, Response> find(const Request& request) const;

private:
  struct Route {
    std::vector<std::string> methods;
    Handler handler;
  };
  const Handler* find_tree(std::string_view path) const;

  std::unordered_map<std::string, Route> routes_;
  std::vector<std::pair<std::string, Handler>> trees_; // few
};

} // namespace assay::http
