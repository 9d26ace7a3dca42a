#include "registry/key_source.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.h"
#include "crypto/digest.h"
#include "registry/record_limits.h"
#include "registry/record_reader.h"

namespace assay::registry {

namespace {

using std::chrono::seconds;

// A text that is fit for a record, whatever it says.
std::string one_line(std::string_view text) {
  if (!is_utf8(text)) return "(an error that is no text)";
  std::string line(utf8_prefix(text, kTextBytesMax));
  std::ranges::replace_if(
      line,
      [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7F;
      },
      ' ');
  return line;
}

json::array jwks_of(const KeySource& source) {
  json::array jwks;
  for (const std::string& key : source.keys)
    jwks.push_back(*parse_strict_json(key));
  return jwks;
}

std::vector<std::string> read_jwks(RecordReader& record) {
  std::vector<std::string> keys;
  const json::value* member = record.member("keys");
  const json::array* jwks = member ? member->if_array() : nullptr;
  if (!jwks || jwks->size() > kKeysMax) {
    record.fault_of("keys", fmt::format("must be a list of up to {} JWKs", kKeysMax));
    return keys;
  }
  for (const json::value& jwk : *jwks)
    keys.push_back(json::serialize(jwk));
  return keys;
}

TimePoint must_read_time(RecordReader& record, std::string_view name) {
  if (!record.has(name)) record.fault_of(name, "is missing");
  return record.time(name).value_or(TimePoint());
}

std::optional<KeyFetchFault> read_fault(RecordReader& record) {
  auto what = record.text("error", {kTextBytesMax});
  const auto since = record.time("failing_since");
  const json::value* failures = record.member("failures");
  if (!what || !since || !failures || !failures->is_int64()) return std::nullopt;
  const std::int64_t count = std::max<std::int64_t>(1, failures->get_int64());
  return KeyFetchFault{std::move(*what), *since, static_cast<std::size_t>(count)};
}

std::optional<std::string> kid_of(const json::object& jwk) {
  const json::value* kid = jwk.if_contains("kid");
  if (!kid || !kid->is_string()) return std::nullopt;
  return std::string(kid->get_string());
}

bool has_key_named(const Application& application, const std::optional<std::string>& key_id) {
  return key_id && std::ranges::find(application.keys, key_id, &RegisteredKey::key_id) !=
                       application.keys.end();
}

// Half of the time for which keys are kept is left for trying again.
seconds fresh_time(const std::optional<seconds>& asked, const KeySourceSettings& settings) {
  const seconds wanted = asked.value_or(settings.refresh_default);
  const seconds most = std::min(settings.refresh_most, settings.keep_for / 2);
  return std::max(settings.refresh_least, std::min(wanted, most));
}

// Twice as long after each failure.
seconds pause_after(std::size_t failures, const KeySourceSettings& settings) {
  seconds pause = settings.refresh_least;
  for (std::size_t count = 1; count < failures && pause < settings.refresh_default; ++count)
    pause *= 2;
  return std::max(settings.refresh_least, std::min(pause, settings.refresh_default));
}

} // namespace

std::string key_source_table(std::string_view table) { return fmt::format("{}.KeySources", table); }

KeyOrigin KeyOrigin::of(const Application& application) {
  return {application.jwks_uri,
          application.jwks_ca.empty() ? "" : crypto::sha256(application.jwks_ca).hex()};
}

json::object to_record(const KeySource& source) {
  json::object record{{"uri", source.origin.uri},
                      {"ca_digest", source.origin.ca_digest},
                      {"keys", jwks_of(source)},
                      {"fresh_until", rfc3339(source.fresh_until)},
                      {"keep_until", rfc3339(source.keep_until)},
                      {"next_try", rfc3339(source.next_try)}};
  if (source.fetched_at) record["fetched_at"] = rfc3339(*source.fetched_at);
  if (const auto& fault = source.fault) {
    record["error"] = fault->what;
    record["failing_since"] = rfc3339(fault->since);
    record["failures"] = fault->failures;
  }
  return record;
}

std::expected<KeySource, FieldFaults> load_key_source(std::string_view record) {
  const auto value = parse_strict_json(record, {.bytes = kRecordBytesMax});
  const json::object* object = value ? value->if_object() : nullptr;
  if (!object) return std::unexpected(FieldFaults{{"", "must be a JSON object"}});

  FieldFaults faults;
  RecordReader reader(*object, "", faults);
  KeySource source{.origin = {reader.text("uri", {kUriBytesMax}).value_or(""),
                              reader.text("ca_digest", {kTextBytesMax}).value_or("")},
                   .keys = read_jwks(reader),
                   .fetched_at = reader.time("fetched_at"),
                   .fresh_until = must_read_time(reader, "fresh_until"),
                   .keep_until = must_read_time(reader, "keep_until"),
                   .next_try = must_read_time(reader, "next_try"),
                   .fault = read_fault(reader)};
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return source;
}

std::vector<RegisteredKey> registered_keys(const KeySource& source) {
  std::vector<RegisteredKey> keys;
  for (const std::string& text : source.keys) {
    const auto jwk = parse_strict_json(text);
    if (!jwk || !jwk->is_object()) continue;
    keys.push_back({.text = text,
                    .digest = crypto::sha256(text),
                    .key_id = kid_of(jwk->get_object()),
                    .not_after = source.keep_until});
  }
  return keys;
}

Application with_keys_of(const KeySource& source, const Application& record) {
  Application merged = record;
  for (RegisteredKey& key : registered_keys(source))
    if (!has_key_named(record, key.key_id)) merged.keys.push_back(std::move(key));
  return merged;
}

KeySource after_fetch(KeySource before, std::expected<FetchedKeys, std::string> fetched,
                      const KeySourceSettings& settings, TimePoint now) {
  if (!fetched) {
    KeyFetchFault fault = before.fault.value_or(KeyFetchFault{{}, now, 0});
    fault.what = one_line(fetched.error());
    ++fault.failures;
    before.next_try = now + pause_after(fault.failures, settings);
    before.fault = std::move(fault);
    return before;
  }
  before.keys = std::move(fetched->keys);
  before.fetched_at = now;
  before.fresh_until = now + fresh_time(fetched->fresh_for, settings);
  before.keep_until = now + settings.keep_for;
  before.next_try = before.fresh_until;
  before.fault.reset();
  return before;
}

} // namespace assay::registry
