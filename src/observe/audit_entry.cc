#include "observe/audit_entry.h"

#include <algorithm>
#include <span>
#include <utility>

#include "observe/json_line.h"

namespace assay::observe {

namespace {

void write_if_any(JsonLine& line, std::string_view name, std::string_view value) {
  if (!value.empty()) line.text(name, value);
}

void write_claim(JsonLine& line, std::string_view name, const std::optional<std::string>& claim) {
  if (claim) line.text(name, *claim, AssertionTrace::kCharactersMax);
}

void write_time(JsonLine& line, std::string_view name, std::optional<TimePoint> time) {
  if (time) line.seconds(name, *time);
}

void write_audiences(JsonLine& line, std::span<const std::string> audiences) {
  if (audiences.empty()) return;
  const std::size_t kept = std::min(audiences.size(), AssertionTrace::kAudiencesMax);
  line.texts("aud", audiences.first(kept), AssertionTrace::kCharactersMax);
}

void write_trace(JsonLine& line, const AssertionTrace& trace) {
  line.open("assertion");
  write_claim(line, "alg", trace.algorithm);
  write_claim(line, "kid", trace.key_id);
  write_claim(line, "typ", trace.type);
  write_claim(line, "iss", trace.issuer);
  write_claim(line, "sub", trace.subject);
  write_audiences(line, trace.audiences);
  write_claim(line, "scope", trace.scope);
  write_time(line, "iat", trace.issued_at);
  write_time(line, "nbf", trace.not_before);
  write_time(line, "exp", trace.expires_at);
  write_claim(line, "jti", trace.id);
  line.close();
}

} // namespace

std::string to_line(const AuditEntry& entry, std::string_view node) {
  JsonLine line;
  line.text("time", rfc3339(entry.time));
  line.text("request_id", entry.request_id);
  write_if_any(line, "parent_id", entry.parent_id);
  line.text("event", entry.event);
  line.text("node", node);
  write_if_any(line, "service", entry.service);
  write_if_any(line, "grant_type", entry.grant_type);
  write_if_any(line, "client_id", entry.client_id);
  write_if_any(line, "auth_method", entry.auth_method);
  write_if_any(line, "issuer", entry.issuer);
  write_if_any(line, "key_id", entry.key_id);
  write_if_any(line, "assertion_sha256", entry.assertion_sha256);
  line.text("outcome", name(entry.outcome));
  if (entry.reason) {
    line.text("gate", gate(*entry.reason));
    line.text("reason", name(*entry.reason));
  }
  write_if_any(line, "detail", entry.detail);
  write_if_any(line, "error", entry.error);
  write_if_any(line, "warning", entry.warning);
  write_if_any(line, "token_sha256_prefix", entry.token_sha256_prefix);
  write_if_any(line, "token_format", entry.token_format);
  write_if_any(line, "token_binding", entry.token_binding);
  write_if_any(line, "scope", entry.scope);
  write_if_any(line, "audience", entry.audience);
  line.number("duration_us", entry.duration.count());
  if (entry.assertion) write_trace(line, *entry.assertion);
  return std::move(line).finish();
}

} // namespace assay::observe
