#include "registry/replaced_keys.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "crypto/digest.h"
#include "jose/jwk.h"

namespace assay::registry {

std::expected<json::array, FieldFaults> replaced_keys(json::array brought,
                                                      const std::vector<RegisteredKey>& current) {
  std::map<crypto::Digest, const RegisteredKey*> known; // by thumbprint
  for (const RegisteredKey& key : current)
    if (const auto parsed = parse(key)) known.emplace(parsed->thumbprint(), &key);

  FieldFaults faults;
  for (std::size_t index = 0; index < brought.size(); ++index) {
    json::object& item = brought[index].as_object();
    const auto parsed = jose::parse_jwk(item.at("jwk").as_object());
    if (!parsed) continue; // the record's own check says what is wrong with it
    const auto same = known.find(parsed->thumbprint());
    if (same == known.end()) continue;
    if (!same->second->enabled)
      faults.push_back({fmt::format("keys[{}]", index), "was disabled by an operator"});
    else if (same->second->not_after)
      item["not_after"] = rfc3339(*same->second->not_after);
  }
  if (!faults.empty()) return std::unexpected(std::move(faults));

  for (const RegisteredKey& key : current)
    if (!key.enabled) brought.push_back(to_record(key));
  return brought;
}

} // namespace assay::registry
