// Finds the application that an assertion names, with the keys that the assertion needs.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/task.h"
#include "oauth/assertion.h"
#include "registry/application.h"

namespace assay::oauth {

// Null if there is no such application. Callable from any thread; does no I/O.
using ApplicationLookup =
    std::function<std::shared_ptr<const registry::Application>(std::string_view client_id)>;

// Sees to it that the key of that name is known, if the application has it at its jwks_uri: fetches
// if there is any use in it, and returns when the keys are there or it is known that they will not
// be (registry::KeyFetcher). Callable from any thread; blocks none.
using KeyRefresh =
    std::function<Task<void>(std::shared_ptr<const registry::Application> application,
                             std::optional<std::string> key_id, TimePoint now)>;

// Thread-safe.
class SenderLookup {
public:
  // Without `refresh`, keys are what the lookup gives.
  explicit SenderLookup(ApplicationLookup applications, KeyRefresh refresh = {})
      : applications_(std::move(applications)), refresh_(std::move(refresh)) {}

  // Null if there is no such application. `assertion` outlives the task.
  Task<std::shared_ptr<const registry::Application>> find(const UnverifiedAssertion& assertion,
                                                          TimePoint now) const;

  // The same for who is known by a key without a name.
  Task<std::shared_ptr<const registry::Application>> find(std::string client_id,
                                                          TimePoint now) const;

private:
  Task<std::shared_ptr<const registry::Application>>
  find(std::string client_id, std::optional<std::string> key_id, TimePoint now) const;

  ApplicationLookup applications_;
  KeyRefresh refresh_;
};

} // namespace assay::oauth
