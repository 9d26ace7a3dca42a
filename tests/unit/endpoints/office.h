// Everything that the OAuth endpoints stand on, in memory and at a time of the test's own: one
// token service, the application "billing", which signs with ec_key(), and "api", which may
// introspect and has a secret.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "endpoints/caller.h"
#include "endpoints/decision.h"
#include "endpoints/key_reader.h"
#include "http/message.h"
#include "oauth/client_authentication.h"
#include "oauth/token_inspection.h"
#include "oauth/token_service_settings.h"
#include "registry/application_registry.h"
#include "registry/client_secret.h"
#include "registry/key_cache.h"
#include "stores/memory/memory_property_store.h"
#include "stores/memory/memory_token_store.h"
#include "stores/memory/memory_usage_store.h"
#include "support/scratch_folder.h"
#include "support/token_workshop.h"

namespace assay::endpoints {

inline constexpr std::string_view kIssuer = "http://apiserver";
inline constexpr std::string_view kAudience = "http://apiserver/api/oauth/token";
inline constexpr std::string_view kProxy = "192.0.2.1";
inline constexpr std::string_view kGrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

class Office {
public:
  explicit Office(oauth::TokenServiceSettings settings = {});

  TimePoint now{std::chrono::seconds(1'800'000'000)};

  const oauth::TokenServiceSettings& settings() const { return settings_; }
  const Books& books() const { return books_; }
  InspectionParts inspection() const {
    return {clients_, keys_shown_, inspection_, *tokens_, books_};
  }
  const KeyReader& keys_shown() const { return keys_shown_; }
  oauth::TokenStore& tokens() { return *tokens_; }
  const oauth::ClientAuthenticator& clients() const { return clients_; }
  registry::KeyCache& keys() { return keys_; }
  oauth::ApplicationLookup applications() const;
  const std::string& secret() const { return secret_; } // of "api"

  // Changes the member of a record, and lets the registry see it.
  void change(const std::string& client_id, std::string_view member, json::value value);
  void remove(const std::string& client_id);

  // A token of "billing", to be changed before it is issued.
  oauth::TokenRecord ordinary_token() const;

  // Puts it into the store; gives its text.
  std::string issue(oauth::TokenRecord record);
  std::string issue_token() { return issue(ordinary_token()); }

  // The ordinary token, as one that was minted while the store was away.
  std::string unstored_token();

  // An assertion by "billing" for this service, with the claims given instead of the ordinary ones.
  std::string assertion(const json::object& claims = {}) const;

  // The audit lines so far, whole.
  std::vector<json::object> audit_lines();
  json::object last_audit_line() { return audit_lines().back(); }

  std::vector<observe::UsageRow> usage_rows();

  // What Prometheus is told of that series; empty if there is none.
  std::string metric(const std::string& series) const;

private:
  void put(const json::object& record);

  oauth::TokenServiceSettings settings_;
  testing::ScratchFolder folder_;
  stores::MemoryPropertyStore properties_;
  std::string secret_;
  std::unique_ptr<registry::ApplicationRegistry> registry_;
  registry::KeyCache keys_{10};
  std::unique_ptr<stores::MemoryTokenStore> tokens_ = std::make_unique<stores::MemoryTokenStore>();
  stores::MemoryUsageStore usage_store_;
  observe::AuditLog audit_{folder_ / "audit.jsonl", "node-1"};
  observe::Metrics metrics_{{"/api/oauth/token"}};
  observe::Usage usage_{usage_store_};
  Books books_{[this] { return now; }, audit_, metrics_, usage_};
  KeyReader keys_shown_{
      {[](std::string_view address) { return address == kProxy; }, "Client-Cert", nullptr}};
  BlockingWorkers workers_{1, 8};
  testing::TokenWorkshop workshop_;
  oauth::ChosenSecrets chosen_secrets_{workers_, 3, crypto::secure_random};
  oauth::ClientAuthenticator clients_;
  oauth::TokenInspection inspection_;
};

// A form that was posted, its fields encoded already.
http::Request form(std::string body);

// The credentials of "api" as HTTP Basic has them.
std::string basic(const std::string& client_id, const std::string& secret);

// The members of a JSON answer; fails the test if it is none.
json::object members_of(const http::Response& response);

std::string field_of(const http::Response& response, std::string_view name);

// Fails the test if it is not such an error of RFC 6749 section 5.2.
void expect_error(const http::Response& response, unsigned status, std::string_view error);

} // namespace assay::endpoints
