// One decision as the audit log keeps it: who was given what, when, by which key, or why not.
// Nothing in it is secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/refusal.h"
#include "observe/usage.h"

namespace assay::observe {

// What a refused assertion said of itself. Written in its member `assertion`, under the names that
// the RFCs give: alg, kid, typ, iss, sub, aud, scope, iat, nbf, exp, jti. Nobody vouches for any of
// it, so each text is cut at kCharactersMax, and of the audiences the first few are kept.
struct AssertionTrace {
  static constexpr std::size_t kCharactersMax = 200;
  static constexpr std::size_t kAudiencesMax = 16;

  std::optional<std::string> algorithm, key_id, type, issuer, subject, id, scope;
  std::vector<std::string> audiences;
  std::optional<TimePoint> issued_at, not_before, expires_at;
};

// The members of the line; empty ones are left out, but for those that every line has: time,
// request_id, event, node, outcome, duration_us.
struct AuditEntry {
  TimePoint time;
  std::string request_id;
  std::string parent_id; // an X-Correlation-ID that came in, cut and cleaned
  std::string event;     // "token", "introspection", "token_info"
  std::string service;
  std::string grant_type;
  std::string client_id;
  std::string auth_method; // by which the client authenticated, if it did
  std::string issuer;
  std::string key_id;
  std::string assertion_sha256;
  Outcome outcome = Outcome::error;
  std::optional<Reason> reason;    // gives `gate` and `reason`
  std::string detail;              // what was expected, what was found
  std::string error;               // the code that the client saw
  std::string warning;             // what was let pass for now
  std::string token_sha256_prefix; // 16 hexadecimal digits
  std::string token_format;        // "jwt", or empty for an opaque one
  std::string token_binding;       // "dpop", "tls", "dpop tls", or empty for a bearer token
  std::string scope;
  std::string audience; // unless it is the issuer alone
  std::chrono::microseconds duration{0};
  std::optional<AssertionTrace> assertion; // for a refusal
};

// One line without its end: a JSON object in UTF-8, and one line whatever the texts contain (see
// JsonLine).
std::string to_line(const AuditEntry& entry, std::string_view node);

} // namespace assay::observe
