#include "cli/app_keys.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace assay::cli {

namespace {

using registry::KeySource;
using registry::RegisteredKey;

struct ShownKey {
  std::string from;
  std::string state = "unreadable";
  std::string type{};
  std::string key_id{};
  std::string thumbprint{};
  std::optional<TimePoint> until{};
};

std::string state_of(const RegisteredKey& registered, const ShownKey& key, TimePoint now) {
  if (!registered.enabled) return "disabled";
  return key.until && *key.until <= now ? "expired" : "live";
}

ShownKey shown(const RegisteredKey& registered, std::string from, TimePoint now) {
  ShownKey key{.from = std::move(from),
               .key_id = registered.key_id.value_or(""),
               .until = registered.not_after};
  const auto parsed = registry::parse(registered);
  if (!parsed) return key;
  if (const auto& facts = parsed->certificate())
    key.until = std::min(key.until.value_or(facts->not_after), facts->not_after);
  key.type = name(parsed->type());
  key.thumbprint = parsed->thumbprint().base64url();
  key.state = state_of(registered, key, now);
  return key;
}

const KeySource* source_of(const KnownKeys& known) {
  const bool fits = known.source && !known.record.jwks_uri.empty() &&
                    known.source->origin == registry::KeyOrigin::of(known.record);
  return fits ? &*known.source : nullptr;
}

std::vector<ShownKey> shown_keys(const KnownKeys& known, TimePoint now) {
  const KeySource* source = source_of(known);
  const auto application = source ? with_keys_of(*source, known.record) : known.record;
  std::vector<ShownKey> keys;
  keys.reserve(application.keys.size());
  for (const RegisteredKey& key : application.keys)
    keys.push_back(shown(key, keys.size() < known.record.keys.size() ? "record" : "jwks_uri", now));
  return keys;
}

long long seconds_ago(TimePoint time, TimePoint now) {
  return std::chrono::floor<std::chrono::seconds>(now - time).count();
}

std::string describe(const registry::KeyFetchFault& fault) {
  return fmt::format("{} (failed {} times since {})", fault.what, fault.failures,
                     rfc3339(fault.since));
}

json::object source_as_json(const KnownKeys& known, TimePoint now) {
  json::object entry{{"uri", known.record.jwks_uri}};
  const KeySource* source = source_of(known);
  if (!source) return entry;
  entry["next_refresh"] = rfc3339(source->next_try);
  if (source->fetched_at) {
    entry["fetched_at"] = rfc3339(*source->fetched_at);
    entry["age_seconds"] = seconds_ago(*source->fetched_at, now);
    entry["fresh_until"] = rfc3339(source->fresh_until);
    entry["keep_until"] = rfc3339(source->keep_until);
  }
  if (const auto& fault = source->fault) {
    entry["error"] = fault->what;
    entry["failing_since"] = rfc3339(fault->since);
    entry["failures"] = fault->failures;
  }
  return entry;
}

void print_source(const KnownKeys& known, TimePoint now) {
  const auto line = [](std::string_view label, std::string_view value) {
    fmt::print("{:<24}{}\n", label, value);
  };
  fmt::print("\n");
  line("jwks_uri", known.record.jwks_uri);
  const KeySource* source = source_of(known);
  if (!source) return line("fetched", "not yet");
  if (source->fetched_at) {
    line("fetched", fmt::format("{} ({} s ago)", rfc3339(*source->fetched_at),
                                seconds_ago(*source->fetched_at, now)));
    line("fresh until", rfc3339(source->fresh_until));
    line("good until", rfc3339(source->keep_until));
  } else {
    line("fetched", "never");
  }
  line("next refresh", rfc3339(source->next_try));
  line("error", source->fault ? describe(*source->fault) : "none");
}

} // namespace

void print_keys(const KnownKeys& known, TimePoint now) {
  constexpr const char* kRow = "{:<9} {:<10} {:<8} {:<24} {:<43} {}\n";
  fmt::print(kRow, "FROM", "STATE", "TYPE", "KID", "THUMBPRINT", "UNTIL");
  for (const ShownKey& key : shown_keys(known, now))
    fmt::print(kRow, key.from, key.state, key.type, key.key_id, key.thumbprint,
               key.until ? rfc3339(*key.until) : "");
  if (!known.record.jwks_uri.empty()) print_source(known, now);
}

json::object keys_as_json(const KnownKeys& known, TimePoint now) {
  json::array keys;
  for (const ShownKey& key : shown_keys(known, now)) {
    json::object entry{{"from", key.from}, {"state", key.state}};
    if (!key.type.empty()) entry["type"] = key.type;
    if (!key.key_id.empty()) entry["kid"] = key.key_id;
    if (!key.thumbprint.empty()) entry["thumbprint"] = key.thumbprint;
    if (key.until) entry["until"] = rfc3339(*key.until);
    keys.push_back(std::move(entry));
  }
  json::object all{{"client_id", known.record.id}, {"keys", std::move(keys)}};
  if (!known.record.jwks_uri.empty()) all["source"] = source_as_json(known, now);
  return all;
}

std::string describe_source(const KnownKeys& known, TimePoint now) {
  const KeySource* source = source_of(known);
  if (!source) return "not fetched yet";
  std::string text = source->fetched_at
                         ? fmt::format("fetched {} s ago, keys: {}",
                                       seconds_ago(*source->fetched_at, now), source->keys.size())
                         : "never fetched";
  text += fmt::format(", next refresh {}", rfc3339(source->next_try));
  if (source->fault) text += ", error: " + describe(*source->fault);
  return text;
}

} // namespace assay::cli
