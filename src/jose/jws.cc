#include "jose/jws.h"

#include <array>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <fmt/format.h>

#include "base/base64url.h"
#include "base/utf8.h"
#include "jose/plain_text.h"

namespace assay::jose {

namespace {

constexpr std::size_t kQuotedBytesMax = 64;

struct Segments {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};

// Dots are looked for only twice: a third one stays in the signature, where it is no base64url.
// So a JWE, which has five segments, is refused as well (RFC 7516 section 9).
std::optional<Segments> split(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return Segments{text.substr(0, first), text.substr(first + 1, second - first - 1),
                  text.substr(second + 1)};
}

// RFC 7515 section 2 leaves the padding out. Some signers keep it, in what they sign as well, and
// Debian 12 ships one of them (google-auth 1.5): it is let pass where every segment has just what
// base64 wants of it. Nothing else then differs, so no segment gets a second spelling by itself.
std::optional<std::string> decode(std::string_view segment, bool is_padded) {
  if (!is_padded) return base64url_decode(segment);
  if (segment.size() % 4 != 0) return std::nullopt;
  for (int count = 0; count < 2 && segment.ends_with('='); ++count)
    segment.remove_suffix(1);
  return base64url_decode(segment);
}

Result<Algorithm> read_algorithm(const json::object& members) {
  const json::value* member = members.if_contains("alg");
  const json::string* text = member ? member->if_string() : nullptr;
  if (!text) return refuse(Reason::header_malformed, "alg is missing or no string");
  const auto algorithm = algorithm_named(*text);
  if (!algorithm)
    return refuse(Reason::algorithm_unsupported,
                  fmt::format("alg {}", utf8_prefix(*text, kQuotedBytesMax)));
  return *algorithm;
}

Result<std::optional<std::string>> read_key_id(const json::object& members, std::size_t bytes_max) {
  const json::value* member = members.if_contains("kid");
  if (!member) return std::nullopt;
  const json::string* text = member->if_string();
  if (!text) return refuse(Reason::header_malformed, "kid is no string");
  if (text->empty() || text->size() > bytes_max)
    return refuse(Reason::header_malformed, fmt::format("kid has {} bytes", text->size()));
  // RFC 8725 section 3.10: whoever looks a kid up, or logs it, must not be led astray by it.
  if (has_control_character(*text))
    return refuse(Reason::header_malformed, "kid has control characters");
  return std::string(*text);
}

Result<JwsHeader> parse_header(std::string_view text, const JwsLimits& limits) {
  // The usual header fits the stack; a larger one goes on to the heap by itself.
  std::array<unsigned char, 2048> stack;
  json::monotonic_resource storage(stack.data(), stack.size());
  const auto parsed = parse_strict_json(text, {.depth = limits.json_depth, .bytes = limits.bytes},
                                        json::storage_ptr(&storage));
  if (!parsed)
    return refuse(Reason::header_malformed,
                  fmt::format("{} at byte {}", parsed.error().what, parsed.error().offset));
  const json::object* members = parsed->if_object();
  if (!members) return refuse(Reason::header_malformed, "the header is no JSON object");

  // RFC 7515 section 4.1.11: an extension that is not understood refuses the whole; we understand
  // none. `b64` (RFC 7797) would change what was signed, so it is refused without `crit` as well.
  if (members->contains("crit")) return refuse(Reason::critical_header_unsupported, "crit");
  if (members->contains("b64")) return refuse(Reason::critical_header_unsupported, "b64");

  const auto algorithm = read_algorithm(*members);
  if (!algorithm) return std::unexpected(algorithm.error());
  auto key_id = read_key_id(*members, limits.key_id_bytes);
  if (!key_id) return std::unexpected(std::move(key_id.error()));

  std::optional<std::string> type;
  if (const json::value* member = members->if_contains("typ")) {
    if (!member->is_string()) return refuse(Reason::header_malformed, "typ is no string");
    type.emplace(member->get_string());
  }
  return JwsHeader{*algorithm, std::move(*key_id), std::move(type)};
}

} // namespace

Result<CompactJws> parse_compact_jws(std::string_view text, const JwsLimits& limits) {
  if (text.size() > limits.bytes)
    return refuse(Reason::assertion_too_large, fmt::format("{} bytes", text.size()));
  const auto segments = split(text);
  if (!segments) return refuse(Reason::assertion_malformed, "other than three segments");

  const bool is_padded = text.contains('=');
  auto header_text = decode(segments->header, is_padded);
  auto payload = decode(segments->payload, is_padded);
  auto signature = decode(segments->signature, is_padded);
  if (!header_text || !payload || !signature)
    return refuse(Reason::assertion_malformed, "a segment is not base64url");

  auto header = parse_header(*header_text, limits);
  if (!header) return std::unexpected(std::move(header.error()));
  const std::size_t signed_bytes = segments->header.size() + 1 + segments->payload.size();
  return CompactJws{std::move(*header), std::string(text.substr(0, signed_bytes)),
                    std::move(*payload), std::move(*signature)};
}

std::string signing_input(std::string_view header, std::string_view payload) {
  std::string text = base64url_encode(header);
  text.push_back('.');
  text.append(base64url_encode(payload));
  return text;
}

} // namespace assay::jose
