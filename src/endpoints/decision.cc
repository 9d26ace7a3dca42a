#include "endpoints/decision.h"

#include <algorithm>
#include <utility>

#include "jose/algorithm.h"
#include "oauth/public_face.h"
#include "oauth/quotation.h"

namespace assay::endpoints {

namespace {

constexpr std::size_t kParentIdBytesMax = 128;
constexpr std::size_t kDigestPrefixDigits = 16;

// The caller's own correlation id, under its name or the old one: kept to follow a call through
// several systems, as far as it is harmless in a log.
std::string parent_id(const http::Request& request) {
  auto sent = request.field("X-Correlation-ID");
  if (!sent) sent = request.field("X-CorrelationID");
  if (!sent || sent->size() > kParentIdBytesMax) return {};
  const bool printable = std::ranges::all_of(
      *sent, [](char character) { return character > ' ' && character <= '~'; });
  return printable ? std::string(*sent) : std::string();
}

observe::AssertionTrace assertion_trace(const oauth::GrantTrace& trace) {
  observe::AssertionTrace written;
  written.algorithm = std::string(name(trace.header->algorithm));
  written.key_id = trace.header->key_id;
  written.type = trace.header->type;
  if (!trace.claims) return written;
  written.issuer = trace.claims->issuer;
  written.subject = trace.claims->subject;
  written.id = trace.claims->id;
  written.scope = trace.claims->scope;
  if (trace.claims->audiences) written.audiences = *trace.claims->audiences;
  written.issued_at = trace.claims->issued_at;
  written.not_before = trace.claims->not_before;
  written.expires_at = trace.claims->expires_at;
  return written;
}

// PRODUCT's client attribute: which of the proven sender's attributes names the client in
// monitoring.
const std::string& attribute(const oauth::GrantTrace& trace, std::string_view name) {
  if (name == "name") return trace.application_name;
  if (name == "sub") return trace.subject;
  return trace.client_id;
}

} // namespace

Task<Decision> Decision::begin(const Books& books, const Matter& matter,
                               const http::Request& request) {
  auto place = books.audit.try_place();
  if (place) co_return Decision(books, matter, std::move(*place), request);
  auto awaited_place = co_await books.audit.place();
  co_return Decision(books, matter, std::move(awaited_place), request);
}

Decision::Decision(const Books& books, const Matter& matter, observe::AuditLog::Place place,
                   const http::Request& request)
    : books_(&books), matter_(&matter), place_(std::move(place)),
      began_(std::chrono::steady_clock::now()) {
  entry_.time = books.clock();
  entry_.request_id = request.id;
  entry_.parent_id = parent_id(request);
  entry_.event = matter.event;
  entry_.service = matter.service;
}

Decision::Decision(Decision&& other) noexcept
    : books_(std::exchange(other.books_, nullptr)), matter_(other.matter_),
      place_(std::move(other.place_)), entry_(std::move(other.entry_)),
      trace_(std::move(other.trace_)), began_(other.began_) {}

Decision::~Decision() {
  if (!books_) return;
  entry_.duration = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began_);
  write_down_trace();
  count_usage();
  books_->metrics.count(entry_.event, entry_.service, entry_.outcome, entry_.reason,
                        entry_.duration);
  if (!trace_.warning.empty()) books_->metrics.count_warning(trace_.warning);
  place_.record(std::move(entry_));
}

void Decision::asks_for(std::string_view grant_type) {
  entry_.grant_type = oauth::quote_unless_secret(grant_type);
}

void Decision::notes(std::string detail) { entry_.detail = std::move(detail); }

void Decision::granted() { entry_.outcome = observe::Outcome::granted; }

void Decision::refused(const Refusal& refusal) {
  entry_.outcome = observe::Outcome::refused;
  entry_.reason = refusal.reason;
  entry_.detail = refusal.detail;
  entry_.error = oauth::public_face(refusal.reason).error;
}

void Decision::write_down_trace() {
  entry_.client_id = trace_.client_id;
  entry_.auth_method = trace_.auth_method;
  entry_.warning = trace_.warning;
  entry_.issuer = trace_.issuer;
  entry_.key_id = trace_.key_id;
  entry_.scope = trace_.scope;
  entry_.audience = trace_.audience;
  if (trace_.assertion) entry_.assertion_sha256 = trace_.assertion->hex();
  if (trace_.token && entry_.outcome == observe::Outcome::granted) {
    entry_.token_sha256_prefix = trace_.token->hex().substr(0, kDigestPrefixDigits);
    entry_.token_format = trace_.token_format;
    entry_.token_binding = trace_.token_binding;
  }
  if (trace_.header && entry_.outcome != observe::Outcome::granted)
    entry_.assertion = assertion_trace(trace_);
}

// Only a proven sender is named: a stranger must not fill the tables with names of his own.
void Decision::count_usage() const {
  const oauth::MonitoringSettings& monitoring = matter_->monitoring;
  if (!monitoring.enabled) return;
  books_->usage.record({.service = monitoring.service_name,
                        .client = attribute(trace_, monitoring.client_attribute),
                        .grant = trace_.client_id.empty() ? std::string() : entry_.grant_type,
                        .outcome = entry_.outcome,
                        .duration = entry_.duration},
                       entry_.time);
}

} // namespace assay::endpoints
