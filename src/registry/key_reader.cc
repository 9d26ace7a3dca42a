#include "registry/key_reader.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "registry/record_limits.h"

namespace assay::registry {

namespace {

// A JWK is an object; where records are made by scripts it often comes as a string of JSON.
std::optional<json::object> read_jwk(RecordReader& record) {
  const json::value* jwk = record.member("jwk");
  if (!jwk) return std::nullopt;
  if (const json::object* object = jwk->if_object()) return *object;
  if (const json::string* text = jwk->if_string()) {
    const auto parsed = parse_strict_json({text->data(), text->size()}, {.bytes = kKeyBytesMax});
    if (parsed && parsed->is_object()) return parsed->get_object();
  }
  record.fault_of("jwk", "must be a JWK: a JSON object, or a string that holds one");
  return std::nullopt;
}

std::optional<std::string> own_key_id(const json::object& jwk) {
  const json::value* kid = jwk.if_contains("kid");
  if (!kid || !kid->is_string()) return std::nullopt;
  return std::string(kid->get_string());
}

// The text of a key, and the kid that it brings along.
struct KeyText {
  std::string text;
  std::optional<std::string> key_id;
};

std::optional<KeyText> read_jwk_text(RecordReader& record) {
  const auto jwk = read_jwk(record);
  if (!jwk) return std::nullopt;
  std::string text = json::serialize(*jwk);
  if (text.size() <= kKeyBytesMax) return KeyText{std::move(text), own_key_id(*jwk)};
  record.fault_of("jwk", fmt::format("may have at most {} bytes", kKeyBytesMax));
  return std::nullopt;
}

std::optional<KeyText> read_pem_text(RecordReader& record) {
  auto text = record.text("pem", {kKeyBytesMax, Lines::many});
  if (!text) return std::nullopt;
  if (!text->starts_with('{')) return KeyText{std::move(*text), std::nullopt};
  record.fault_of("pem", "must be PEM; a JWK belongs into jwk");
  return std::nullopt;
}

std::optional<std::string> read_key_id(RecordReader& record) {
  auto kid = record.text("kid", {jose::kKeyIdBytesMax});
  if (!kid || !kid->empty()) return kid;
  record.fault_of("kid", "must not be empty; leave it out for none");
  return std::nullopt;
}

std::optional<RegisteredKey> read_key(RecordReader& record, KeyTrust trust) {
  RegisteredKey key;
  key.key_id = read_key_id(record);
  key.enabled = record.flag("enabled").value_or(true);
  key.not_after = record.time("not_after");

  auto jwk = read_jwk_text(record);
  auto pem = read_pem_text(record);
  record.refuse_unknown_members();
  if (record.has("jwk") == record.has("pem")) {
    record.fault_at(record.field(), "needs one of jwk and pem, and not both");
    return std::nullopt;
  }
  auto found = jwk ? std::move(jwk) : std::move(pem);
  if (!found) return std::nullopt;

  if (!key.key_id) key.key_id = std::move(found->key_id);
  key.text = std::move(found->text);
  key.digest = crypto::sha256(key.text);
  if (trust == KeyTrust::written_by_us) return key;
  const auto parsed = parse(key);
  if (parsed) return key;
  record.fault_of(record.has("jwk") ? "jwk" : "pem", parsed.error().what);
  return std::nullopt;
}

// What must not be the same of two keys: the kid, or, without one, the key.
std::string identity(const RegisteredKey& key) {
  return key.key_id ? "kid " + *key.key_id : "key " + key.digest.hex();
}

} // namespace

std::vector<RegisteredKey> read_keys(RecordReader& record, KeyTrust trust) {
  std::vector<RegisteredKey> keys;
  std::map<std::string, std::string> fields; // by identity
  for (RecordReader& item : record.objects("keys", kKeysMax)) {
    auto key = read_key(item, trust);
    if (!key) continue;
    const auto [first, is_new] = fields.emplace(identity(*key), item.field());
    if (is_new)
      keys.push_back(std::move(*key));
    else if (key->key_id)
      item.fault_of("kid", fmt::format("is that of {} already", first->second));
    else
      item.fault_at(item.field(), fmt::format("is the same key as {}", first->second));
  }
  return keys;
}

} // namespace assay::registry
