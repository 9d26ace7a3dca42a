// What the server stands on for as long as it runs: the stores, and what is read from and written
// to them.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "base/blocking_workers.h"
#include "base/secret.h"
#include "endpoints/decision.h"
#include "fetch/fetch_threads.h"
#include "oauth/chosen_secrets.h"
#include "oauth/jwt_signer.h"
#include "oauth/proof_memory.h"
#include "oauth/token_store.h"
#include "observe/audit_log.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "observe/readiness.h"
#include "observe/usage.h"
#include "registry/application_registry.h"
#include "registry/key_cache.h"
#include "registry/key_fetcher.h"
#include "registry/property_store.h"
#include "registry/revocation_epochs.h"
#include "registry/signing_key_editor.h"
#include "registry/signing_keys.h"
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
  registry::ApplicationRegistry& applications(const std::string& table) {
    return table_named(table).registry;
  }

  // Fetches what keys are at the URLs of the applications in that table.
  registry::KeyFetcher& key_fetcher(const std::string& table) { return table_named(table).fetcher; }

  // As fresh as the applications.
  const registry::RevocationEpochs& revocations() const { return revocations_; }

  const registry::SigningKeys& signing_keys() const { return signing_keys_; }

  // Sees to it that there is a key for each of these; blocks. Throws Unavailable.
  void ensure_signing_keys(std::span<const jose::Algorithm> algorithms);

  // What this server signs.
  oauth::JwtSigner signer();

  // Of all nodes; each use of it has a purpose of its own.
  const Secret& node_secret() const { return node_secret_; }
  oauth::ProofMemory& used_proofs() { return used_proofs_; }

  const std::filesystem::path& folder() const { return folder_; }

  // Jobs of the background threads; each blocks, and throws Unavailable.
  void refresh_applications();
  void maintain_signing_keys();
  void fetch_due_keys();
  void flush_usage() { usage_.flush(); }
  void purge_tokens();
  void check_tokens();

  // Once no request is served any more: ends what threads of its own do, and writes what usage was
  // counted.
  void close();

  registry::PropertyStore& properties() { return *properties_; }
  BlockingWorkers& registration_work() { return *registration_work_; }

  oauth::TokenStore& tokens() { return tokens_.store(); }
  registry::KeyCache& keys() { return keys_; }
  oauth::ChosenSecrets& chosen_secrets() { return chosen_secrets_; }
  const endpoints::Books& books() const { return books_; }
  const observe::Metrics& metrics() const { return metrics_; }
  const observe::Readiness& readiness() const { return readiness_; }

  // Before the first request only.
  void show_open_connections(std::function<double()> read);

private:
  struct ApplicationTable {
    ApplicationTable(Foundation& foundation, const std::string& name);

    registry::ApplicationRegistry registry;
    registry::KeyFetcher fetcher;
  };

  void refuse_unfinished_copy(const StoreSettings& settings);
  ApplicationTable& table_named(const std::string& name);
  void note_fault(ProbeState& state, std::string_view store, const char* what);

  observe::Log& log_;
  std::filesystem::path folder_;
  std::unique_ptr<registry::PropertyStore> properties_;
  registry::RevocationEpochs revocations_;
  Secret node_secret_;
  registry::SigningKeyEditor signing_key_editor_;
  registry::SigningKeys signing_keys_;
  oauth::ProofMemory used_proofs_;
  stores::OpenTokenStore tokens_;
  std::unique_ptr<observe::UsageStore> usage_store_;
  registry::KeyCache keys_;
  std::optional<BlockingWorkers> slow_work_;
  std::optional<BlockingWorkers> signing_work_;
  std::optional<BlockingWorkers> registration_work_;
  oauth::ChosenSecrets chosen_secrets_;
  registry::KeySourceSettings key_source_settings_;
  registry::KeyFetch key_fetch_;
  std::mutex tables_mutex_;
  std::map<std::string, std::unique_ptr<ApplicationTable>> tables_;
  fetch::FetchThreads fetch_threads_; // after the tables: it ends first
  observe::AuditLog audit_;
  observe::Metrics metrics_;
  observe::Usage usage_;
  ProbeState registry_state_;
  ProbeState tokens_state_;
  observe::Readiness readiness_;
  endpoints::Books books_;
};

} // namespace assay::server
