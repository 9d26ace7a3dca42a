#include "oauth/sealed_answer.h"

#include <algorithm>

#include "base/strict_json.h"
#include "crypto/seal.h"

namespace assay::oauth {

namespace {

constexpr std::string_view kPurpose = "the answer to a refresh";

std::string text_in(const json::object& members, std::string_view name) {
  return std::string(members.at(name).as_string());
}

} // namespace

std::string seal_answer(const MintedToken& token, TimePoint now, const Secret& presented,
                        const crypto::Random& random) {
  const json::object members{
      {"access_token", token.access_token.reveal()},
      {"refresh_token", token.refresh_token ? token.refresh_token->reveal() : ""},
      {"token_type", token.token_type},
      {"expires_at", unix_seconds(now + token.expires_in)},
      {"scope", token.scope}};
  const Secret text(json::serialize(members));
  return crypto::seal(text.reveal(), presented.reveal(), kPurpose, random);
}

std::optional<MintedToken> open_answer(const std::string& sealed, const Secret& presented,
                                       TimePoint now) {
  const auto text = crypto::unseal(sealed, presented.reveal(), kPurpose);
  if (!text) return std::nullopt;
  // What opens was written above, by this version or another that shares the store.
  const auto value = parse_strict_json(text->reveal());
  if (!value || !value->is_object()) return std::nullopt;
  const json::object& members = value->get_object();
  const std::chrono::seconds left(members.at("expires_at").to_number<std::int64_t>() -
                                  unix_seconds(now));
  return MintedToken{.access_token = Secret(text_in(members, "access_token")),
                     .refresh_token = Secret(text_in(members, "refresh_token")),
                     .token_type = text_in(members, "token_type"),
                     .expires_in = std::max(left, std::chrono::seconds(0)),
                     .scope = text_in(members, "scope")};
}

} // namespace assay::oauth
