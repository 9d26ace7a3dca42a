#include "registry/signing_keys.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "jose/jwk.h"

namespace assay::registry {

namespace {

json::object published(const SigningKeyRow& row) {
  json::object jwk = row.public_jwk;
  jwk["kid"] = row.id;
  jwk["alg"] = name(row.algorithm);
  jwk["use"] = "sig";
  return jwk;
}

KeySetDocument document_of(json::array keys) {
  std::string body = json::serialize(json::object{{"keys", std::move(keys)}});
  std::string tag = fmt::format("\"{}\"", crypto::sha256(body).base64url());
  return {std::move(body), std::move(tag)};
}

} // namespace

SigningKeys::SigningKeys(PropertyStore& store, Secret secret, BadRecordReport report)
    : store_(store), secret_(std::move(secret)), report_(std::move(report)),
      snapshot_(std::make_shared<const Snapshot>(
          Snapshot{{}, std::make_shared<const KeySetDocument>(document_of({}))})) {}

std::shared_ptr<const SigningKey> SigningKeys::signer(jose::Algorithm algorithm,
                                                      TimePoint now) const {
  const auto current = snapshot();
  for (const Entry& entry : current->entries)
    if (entry.key && entry.row.algorithm == algorithm &&
        entry.row.state_at(now) == SigningKeyState::signing)
      return entry.key;
  return nullptr;
}

std::optional<VerificationKey> SigningKeys::verifier(std::string_view id, TimePoint now) const {
  const auto current = snapshot();
  const auto entry = std::ranges::find(current->entries, id,
                                       [](const Entry& each) -> auto& { return each.row.id; });
  if (entry == current->entries.end() || entry->row.state_at(now) == SigningKeyState::gone)
    return std::nullopt;
  return VerificationKey{entry->row.algorithm, entry->public_key};
}

std::shared_ptr<const KeySetDocument> SigningKeys::key_set() const { return snapshot()->key_set; }

void SigningKeys::refresh(TimePoint now) {
  const auto changes = store_.changes_since(kSigningKeyTable, version_);
  for (const PropertyChange& change : changes)
    take_over(change);
  if (!changes.empty()) version_ = changes.back().version;

  Snapshot fresh;
  for (const auto& [id, entry] : entries_)
    fresh.entries.push_back(entry);
  std::ranges::sort(fresh.entries, std::greater<>(), [](const Entry& entry) {
    return std::tuple(entry.row.signs_from, entry.row.id);
  });
  json::array keys;
  for (const Entry& entry : fresh.entries)
    if (entry.row.state_at(now) != SigningKeyState::gone) keys.push_back(published(entry.row));
  fresh.key_set = std::make_shared<const KeySetDocument>(document_of(std::move(keys)));
  if (changes.empty() && fresh.key_set->entity_tag == snapshot()->key_set->entity_tag) return;

  const std::lock_guard lock(mutex_);
  snapshot_ = std::make_shared<const Snapshot>(std::move(fresh));
}

void SigningKeys::take_over(const PropertyChange& change) {
  entries_.erase(change.key);
  if (!change.value) return;
  auto row = read_signing_key(change.key, *change.value, change.version);
  if (!row) {
    report_(change.key, row.error());
    return;
  }
  auto public_key = jose::parse_jwk(row->public_jwk);
  if (!public_key) {
    report_(change.key, public_key.error().what);
    return;
  }
  Entry entry{std::move(*row), std::move(*public_key), nullptr};
  if (!entry.row.sealed.empty()) {
    if (auto key = open_signing_key(entry.row, secret_.reveal()))
      entry.key = std::make_shared<const SigningKey>(entry.row.id, entry.row.algorithm, *key);
    else
      report_(change.key, "it was encrypted under another secret than this node has");
  }
  entries_.emplace(change.key, std::move(entry));
}

std::shared_ptr<const SigningKeys::Snapshot> SigningKeys::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

} // namespace assay::registry
