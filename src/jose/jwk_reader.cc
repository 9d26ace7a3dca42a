#include "jose/jwk_reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/base64url.h"
#include "jose/plain_text.h"
#include "jose/public_key.h"

namespace assay::jose {

namespace {

KeyResult<std::string> decoded(const json::object& jwk, std::string_view name,
                               std::size_t bytes_max) {
  const json::value* member = jwk.if_contains(name);
  if (!member) return key_fault(fmt::format("the member {} is missing", name));
  const json::string* text = member->if_string();
  if (!text) return key_fault(fmt::format("the member {} must be a string", name));
  // Before it is decoded: whoever sends a megabyte is not to be answered with work.
  if (text->size() > (bytes_max * 4 + 2) / 3)
    return key_fault(fmt::format("the member {} has more than {} bytes", name, bytes_max));
  auto bytes = base64url_decode(*text);
  if (!bytes || bytes->empty())
    return key_fault(fmt::format("the member {} must be base64url without padding", name));
  return std::move(*bytes);
}

} // namespace

KeyResult<json::object> parse_jwk_object(std::string_view text) {
  auto value = parse_strict_json(text);
  if (!value)
    return key_fault(
        fmt::format("not JSON: {} at byte {}", value.error().what, value.error().offset));
  if (!value->is_object()) return key_fault("expected a JSON object");
  return std::move(value->get_object());
}

KeyResult<std::optional<std::string>> optional_text(const json::object& jwk,
                                                    std::string_view name) {
  const json::value* member = jwk.if_contains(name);
  if (!member) return std::nullopt;
  const json::string* text = member->if_string();
  if (!text) return key_fault(fmt::format("the member {} must be a string", name));
  return std::string(*text);
}

KeyResult<std::string> required_text(const json::object& jwk, std::string_view name) {
  auto text = optional_text(jwk, name);
  if (!text) return std::unexpected(std::move(text.error()));
  if (!*text) return key_fault(fmt::format("the member {} is missing", name));
  return std::move(**text);
}

KeyResult<Secret> octets(const json::object& jwk, std::string_view name, std::size_t bytes) {
  auto value = decoded(jwk, name, bytes);
  if (!value) return std::unexpected(std::move(value.error()));
  Secret secret(std::move(*value));
  if (secret.reveal().size() != bytes)
    return key_fault(fmt::format("the member {} must have {} bytes on this curve", name, bytes));
  return secret;
}

KeyResult<crypto::BignumHandle> number(const json::object& jwk, std::string_view name,
                                       std::size_t bytes_max) {
  auto value = decoded(jwk, name, bytes_max);
  if (!value) return std::unexpected(std::move(value.error()));
  const Secret secret(std::move(*value));
  const std::string_view bytes = secret.reveal();
  if (bytes.front() == '\0') return key_fault(fmt::format("the member {} has leading zeros", name));
  crypto::BignumHandle big(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()), nullptr));
  ASSAY_ASSERT(big != nullptr, "memory");
  return big;
}

KeyResult<KeyLabels> read_labels(const json::object& jwk, KeyType type) {
  auto key_id = optional_text(jwk, "kid");
  if (!key_id) return std::unexpected(std::move(key_id.error()));
  if (const auto& text = *key_id;
      text && (text->empty() || text->size() > kKeyIdBytesMax || has_control_character(*text)))
    return key_fault(fmt::format("the member kid must have 1 to {} bytes, and no control character",
                                 kKeyIdBytesMax));

  const auto named = optional_text(jwk, "alg");
  if (!named) return std::unexpected(named.error());
  KeyLabels labels{.key_id = std::move(*key_id), .algorithm = {}};
  if (!*named) return labels;
  labels.algorithm = algorithm_named(**named);
  if (!labels.algorithm)
    return key_fault("the member alg names no algorithm that is accepted here");
  if (!fits(*labels.algorithm, type))
    return key_fault(fmt::format("{} does not fit a {} key", **named, name(type)));
  return labels;
}

KeyResult<void> check_purpose(const json::object& jwk, std::string_view operation) {
  const auto use = optional_text(jwk, "use");
  if (!use) return std::unexpected(use.error());
  if (*use && **use != "sig")
    return key_fault("the member use must be sig: the key is for signatures");
  const json::value* operations = jwk.if_contains("key_ops");
  if (!operations) return {};
  const json::array* list = operations->if_array();
  if (!list || std::ranges::find(*list, json::value(operation)) == list->end())
    return key_fault(fmt::format("the member key_ops must be a list with {} in it", operation));
  return {};
}

} // namespace assay::jose
