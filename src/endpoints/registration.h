// POST /api/oauth/register: an application registers itself (RFC 7591 section 3). GET, PUT and
// DELETE below it: one that did reads, replaces or removes its registration (RFC 7592 section 2).
#pragma once

#include <functional>
#include <string>

#include "base/blocking_workers.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/task.h"
#include "endpoints/decision.h"
#include "http/message.h"
#include "registry/client_registrar.h"

namespace assay::endpoints {

// Thread-safe. The registry is asked and written on threads of `work`: no request waits for
// another's.
class RegistrationEndpoint {
public:
  // All but the registrar outlive the endpoint.
  struct Parts {
    registry::ClientRegistrar registrar;
    BlockingWorkers& work;
    const Books& books;
  };

  // `location` is the URL of this endpoint, `path` the path in it.
  RegistrationEndpoint(Parts parts, std::string location, std::string path);

  Task<http::Response> handle(const http::Request& request);

  // Of one client, whose id is the rest of the path. Other methods: 405.
  Task<http::Response> handle_client(const http::Request& request);

private:
  using Answer = Result<http::Response>;
  // What one request asks for, as the registrar is to be asked: blocks.
  using Ask = std::function<Answer()>;

  Task<Answer> decide(const http::Request& request, Decision& decision);
  Task<Answer> decide_on_client(const http::Request& request, Decision& decision);
  Task<Answer> ask(Ask question);
  Answer show(const std::string& client_id, const Secret& token, Decision& decision);
  Answer replace(const std::string& client_id, const Secret& token, const json::object& metadata,
                 Decision& decision);
  Answer remove(const std::string& client_id, const Secret& token, Decision& decision);
  json::object members_of(const registry::Application& application) const;

  Parts parts_;
  std::string location_;
  std::string path_;
  Matter matter_;
};

} // namespace assay::endpoints
