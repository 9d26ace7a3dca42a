#include "server/foundation.h"

#include <array>
#include <chrono>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/unavailable.h"

namespace assay::server {

namespace {

constexpr std::size_t kHostNameBytesMax = 256;

// A request takes its time before it waits for the store. Were a claim forgotten meanwhile, an
// assertion that was good at that time, and used before, would pass once more.
constexpr std::chrono::minutes kPurgeLag{1};

std::string node_name(const AuditSettings& audit) {
  if (!audit.node.empty()) return audit.node;
  std::array<char, kHostNameBytesMax> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unnamed";
}

std::filesystem::path audit_path(const AuditSettings& audit, const std::filesystem::path& folder) {
  return audit.file == "-" ? std::filesystem::path(audit.file) : folder / audit.file;
}

std::vector<std::string> service_paths(const Settings& settings) {
  std::vector<std::string> paths;
  paths.reserve(settings.token_services.size());
  for (const auto& service : settings.token_services)
    paths.push_back(service.path);
  return paths;
}

} // namespace

Foundation::Foundation(const Settings& settings, const std::filesystem::path& folder,
                       observe::Log& log)
    : log_(log), properties_(stores::open_property_store(settings.stores.registry, folder)),
      tokens_(stores::open_token_store(settings.stores.tokens, folder)),
      usage_store_(stores::open_usage_store(settings.stores.usage, folder)),
      keys_(settings.limits.parsed_keys),
      audit_(audit_path(settings.audit, folder), node_name(settings.audit)),
      metrics_(service_paths(settings)), usage_(*usage_store_),
      books_{.clock = system_now, .audit = audit_, .metrics = metrics_, .usage = usage_} {
  readiness_.add("registry", [this] { return registry_state_.fault(); });
  readiness_.add("tokens", [this] { return tokens_state_.fault(); });
  readiness_.add("audit", [this]() -> std::optional<std::string> {
    if (audit_.healthy()) return std::nullopt;
    return "the audit log cannot be written";
  });
  metrics_.gauge("assay_usage_dropped", "Messages that no usage row will ever have.",
                 [this] { return static_cast<double>(usage_.dropped()); });
}

registry::ApplicationRegistry& Foundation::applications(const std::string& table) {
  const std::lock_guard lock(applications_mutex_);
  auto& applications = applications_[table];
  if (!applications)
    applications = std::make_unique<registry::ApplicationRegistry>(
        *properties_, table, [this, table](std::string_view key, std::string_view why) {
          log_.warning(fmt::format("{}: the record of {} is bad, so it counts as absent: {}", table,
                                   key, why));
        });
  return *applications;
}

void Foundation::refresh_applications() {
  const std::lock_guard lock(applications_mutex_);
  try {
    for (const auto& [table, applications] : applications_)
      applications->refresh();
  } catch (const Unavailable& fault) {
    note_fault(registry_state_, "registry", fault.what());
    return;
  }
  registry_state_.set_fault({});
}

void Foundation::purge_tokens() {
  const auto purged = tokens_.catalogue().purge(system_now() - kPurgeLag);
  if (purged.tokens + purged.claims > 0)
    log_.debug(fmt::format("forgot {} expired tokens and {} used assertions", purged.tokens,
                           purged.claims));
}

void Foundation::check_tokens() {
  try {
    tokens_.catalogue().check();
  } catch (const Unavailable& fault) {
    note_fault(tokens_state_, "token store", fault.what());
    return;
  }
  tokens_state_.set_fault({});
}

void Foundation::close() {
  tokens_ = {};
  try {
    usage_.flush();
  } catch (const Unavailable& fault) {
    log_.error(fmt::format("the last usage counts are lost: {}", fault.what()));
  }
}

void Foundation::show_open_connections(std::function<double()> read) {
  metrics_.gauge("assay_open_connections", "Connections that are open on the service's port.",
                 std::move(read));
}

// Said once, when it begins: a store that is down for an hour must not fill the log.
void Foundation::note_fault(ProbeState& state, std::string_view store, const char* what) {
  if (!state.fault()) log_.error(fmt::format("the {} does not answer: {}", store, what));
  // The answer of a probe is for everybody; what the store says of itself stays in the log.
  state.set_fault("does not answer");
}

} // namespace assay::server
