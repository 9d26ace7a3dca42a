// What the server stands on for as long as it runs: the stores, and what is read from and written
// to them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "endpoints/decision.h"
#include "oauth/token_store.h"
#include "observe/audit_log.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "observe/readiness.h"
#include "observe/usage.h"
#include "registry/application_registry.h"
#include "registry/key_cache.h"
#include "registry/property_store.h"
#include "server/probe_state.h"
#include "server/settings.h"
#include "stores/open.h"

namespace assay::server {

// Built once, before the first request; a reload of the config leaves it as it is. Thread-safe as
// the parts' own headers say.
class Foundation {
public:
  // Opens everything. Throws Unavailable with a sentence for the operator when something cannot be
  // opened. The log outlives it.
  Foundation(const Settings& settings, const std::filesystem::path& folder, observe::Log& log);

  // The snapshot of that table; loaded at the first call, which blocks. Throws Unavailable.
  registry::ApplicationRegistry& applications(const std::string& table);

  // Jobs of the background threads; each blocks, and throws Unavailable.
  void refresh_applications();
  void flush_usage() { usage_.flush(); }
  void purge_tokens();
  void check_tokens();

  // Once no request is served any more: writes what usage was counted, and ends the token store's
  // own work.
  void close();

  oauth::TokenStore& tokens() { return tokens_.store(); }
  registry::KeyCache& keys() { return keys_; }
  const endpoints::Books& books() const { return books_; }
  const observe::Metrics& metrics() const { return metrics_; }
  const observe::Readiness& readiness() const { return readiness_; }

  // Before the first request only.
  void show_open_connections(std::function<double()> read);

private:
  void note_fault(ProbeState& state, std::string_view store, const char* what);

  observe::Log& log_;
  std::unique_ptr<registry::PropertyStore> properties_;
  stores::OpenTokenStore tokens_;
  std::unique_ptr<observe::UsageStore> usage_store_;
  registry::KeyCache keys_;
  std::mutex applications_mutex_;
  std::map<std::string, std::unique_ptr<registry::ApplicationRegistry>> applications_;
  observe::AuditLog audit_;
  observe::Metrics metrics_;
  observe::Usage usage_;
  ProbeState registry_state_;
  ProbeState tokens_state_;
  observe::Readiness readiness_;
  endpoints::Books books_;
};

} // namespace assay::server
