#include "jose/jwk_members.h"

#include <utility>

#include <fmt/format.h>

#include "jose/plain_text.h"

namespace assay::jose {

namespace {

std::unexpected<KeyFault> fault(std::string what) {
  return std::unexpected(KeyFault{std::move(what)});
}

bool is_key_id(std::string_view text) {
  return !text.empty() && text.size() <= kKeyIdBytesMax && !has_control_character(text);
}

} // namespace

KeyResult<std::optional<std::string>> optional_text(const json::object& jwk,
                                                    std::string_view name) {
  const json::value* value = jwk.if_contains(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) return fault(fmt::format("the member {} must be a string", name));
  return std::string(value->as_string());
}

KeyResult<std::optional<std::string>> read_key_id(const json::object& jwk) {
  auto text = optional_text(jwk, "kid");
  if (text && *text && !is_key_id(**text))
    return fault(fmt::format("the member kid must have 1 to {} bytes, none of them a control "
                             "character",
                             kKeyIdBytesMax));
  return text;
}

KeyResult<std::optional<Algorithm>> read_algorithm(const json::object& jwk, KeyType type) {
  const auto text = optional_text(jwk, "alg");
  if (!text) return std::unexpected(text.error());
  if (!*text) return std::nullopt;
  const auto algorithm = algorithm_named(**text);
  if (!algorithm) return fault("the member alg names no algorithm that is accepted here");
  if (!fits(*algorithm, type))
    return fault(fmt::format("{} does not fit a {} key", **text, name(type)));
  return algorithm;
}

} // namespace assay::jose
