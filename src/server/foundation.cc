#include "server/foundation.h"

#include <array>
#include <chrono>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/copy_mark.h"
#include "base/unavailable.h"
#include "crypto/random.h"
#include "registry/registry_copy.h"
#include "server/key_encryption.h"
#include "server/policies.h"
#include "stores/file/durable_file.h"
#include "stores/store_contents.h"

namespace assay::server {

namespace {

constexpr std::size_t kHostNameBytesMax = 256;

// A request takes its time before it waits for the store. Were a claim forgotten meanwhile, an
// assertion that was good at that time, and used before, would pass once more.
constexpr std::chrono::minutes kPurgeLag{1};

// A check of a chosen secret takes 64 MiB and some 100 ms: more at once would only wait for each
// other, and more in the queue than a client waits for.
constexpr std::size_t kSlowThreads = 2;
constexpr std::size_t kSlowWorkMax = 64;

// RSA signatures: some 0.7 ms each.
constexpr std::size_t kSigningThreads = 2;
constexpr std::size_t kSignaturesMax = 2000;

// Registrations: some reads and writes of the registry each. Apart from the others, so that whoever
// floods this endpoint keeps nobody from a token.
constexpr std::size_t kRegistrationThreads = 2;
constexpr std::size_t kRegistrationsMax = 64;

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
    : log_(log), folder_(folder),
      properties_(stores::open_property_store(settings.stores.registry, folder)),
      revocations_(*properties_,
                   [this](std::string_view key, std::string_view why) {
                     log_.warning(fmt::format("{}: the row of {} is bad, so all its tokens count "
                                              "as revoked: {}",
                                              registry::kRevocationTable, key, why));
                   }),
      node_secret_(key_encryption_secret(settings.signing_keys.encryption_key, folder)),
      signing_key_editor_({.store = *properties_,
                           .secret = node_secret_,
                           .policy = signing_key_policy(settings),
                           .random = crypto::secure_random,
                           .clock = system_now,
                           // Those who read them have said so.
                           .report = [](std::string_view, std::string_view) {}}),
      signing_keys_(*properties_, node_secret_,
                    [this](std::string_view key, std::string_view why) {
                      log_.warning(fmt::format("{}: the row of {} is of no use: {}",
                                               registry::kSigningKeyTable, key, why));
                    }),
      used_proofs_(settings.dpop.proofs_remembered),
      tokens_(stores::open_token_store(settings.stores.tokens, folder)),
      usage_store_(stores::open_usage_store(settings.stores.usage, folder)),
      keys_(settings.limits.parsed_keys), slow_work_(std::in_place, kSlowThreads, kSlowWorkMax),
      signing_work_(std::in_place, kSigningThreads, kSignaturesMax),
      registration_work_(std::in_place, kRegistrationThreads, kRegistrationsMax),
      chosen_secrets_(*slow_work_, settings.limits.secret_attempts, crypto::secure_random),
      key_source_settings_(settings.key_sources),
      key_fetch_(registry::key_fetch_over_https(settings.key_sources)),
      audit_(audit_path(settings.audit, folder), node_name(settings.audit)),
      metrics_(service_paths(settings)), usage_(*usage_store_),
      books_{.clock = system_now, .audit = audit_, .metrics = metrics_, .usage = usage_} {
  refuse_unfinished_copy(settings.stores);
  if (!tokens_.promise().empty()) log_.info(fmt::format("the token store: {}", tokens_.promise()));
  readiness_.add("registry", [this] { return registry_state_.fault(); });
  readiness_.add("tokens", [this] { return tokens_state_.fault(); });
  readiness_.add("audit", [this]() -> std::optional<std::string> {
    if (audit_.healthy()) return std::nullopt;
    return "the audit log cannot be written";
  });
  metrics_.gauge("assay_usage_dropped", "Messages that no usage row will ever have.",
                 [this] { return static_cast<double>(usage_.dropped()); });
}

// What is done there meanwhile, the next pass of the copy would undo.
void Foundation::refuse_unfinished_copy(const StoreSettings& settings) {
  const auto refuse = [](std::string_view what, const std::string& url, const std::string& text) {
    const auto mark = CopyMark::parse(text);
    throw Unavailable(fmt::format(
        "the {} in {} are being copied there from {}, and the copy is not finished: `assay store "
        "copy --finish` ends it",
        what, stores::shown_store_url(url), mark ? mark->from : "elsewhere"));
  };
  if (const auto row = properties_->find(registry::kCopyTable, registry::kCopyKey))
    refuse("applications", settings.registry, row->value);
  if (const auto text = stores::token_copy_mark(settings.tokens, folder_))
    refuse("tokens", settings.tokens, *text);
}

Foundation::ApplicationTable::ApplicationTable(Foundation& foundation, const std::string& name)
    : registry(*foundation.properties_, name,
               [&log = foundation.log_, name](std::string_view key, std::string_view why) {
                 log.warning(fmt::format("{}: the record of {} is bad, so it counts as absent: {}",
                                         name, key, why));
               }),
      fetcher({.applications = registry,
               .rows = registry::KeySourceStore(*foundation.properties_, name),
               .threads = foundation.fetch_threads_,
               .fetch = foundation.key_fetch_,
               .clock = system_now,
               .report =
                   [&log = foundation.log_](std::string_view client_id, std::string_view what) {
                     log.warning(fmt::format("keys of {} by URL: {}", client_id, what));
                   }},
              foundation.key_source_settings_) {}

Foundation::ApplicationTable& Foundation::table_named(const std::string& name) {
  const std::lock_guard lock(tables_mutex_);
  auto& table = tables_[name];
  if (!table) table = std::make_unique<ApplicationTable>(*this, name);
  return *table;
}

void Foundation::refresh_applications() {
  const std::lock_guard lock(tables_mutex_);
  try {
    for (const auto& [name, table] : tables_)
      table->registry.refresh();
    revocations_.refresh();
    signing_keys_.refresh(system_now());
  } catch (const Unavailable& fault) {
    note_fault(registry_state_, "registry", fault.what());
    return;
  }
  registry_state_.set_fault({});
}

void Foundation::maintain_signing_keys() { signing_key_editor_.maintain(); }

void Foundation::ensure_signing_keys(std::span<const jose::Algorithm> algorithms) {
  signing_key_editor_.ensure(algorithms);
  const std::lock_guard lock(tables_mutex_); // as refresh_applications() has it
  signing_keys_.refresh(system_now());
}

oauth::JwtSigner Foundation::signer() {
  const auto key_of = [this](jose::Algorithm algorithm, TimePoint now) {
    return signing_keys_.signer(algorithm, now);
  };
  return {key_of, *signing_work_};
}

void Foundation::fetch_due_keys() {
  const std::lock_guard lock(tables_mutex_);
  for (const auto& [name, table] : tables_)
    table->fetcher.run_due(system_now());
}

void Foundation::purge_tokens() {
  oauth::TokenCatalogue& tokens = tokens_.catalogue();
  const auto purged = tokens.purge(tokens.agreed_time(system_now()) - kPurgeLag);
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
  fetch_threads_.close();
  slow_work_.reset();
  signing_work_.reset();
  registration_work_.reset();
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
