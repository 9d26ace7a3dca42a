// Whether a token's family is still there, and what it says of its refresh token.
#pragma once

#include <string>
#include <vector>

#include "oauth/token_store.h"
#include "stores/redis/redis_command.h"
#include "stores/redis/redis_record.h"

namespace assay::stores {

// `digest` is the token's, as the states have it.
inline RedisCommand family_query(const std::string& family_key, const std::string& digest) {
  return RedisCommand::read(family_key, {"HMGET", family_key, "layout", digest});
}

// By the reply to family_query(). False: the token is worth nothing. Else a refresh token's record
// is brought up to date.
inline bool apply_family(const RedisReply& reply, oauth::TokenRecord& record) {
  constexpr std::size_t kFields = 2;
  if (reply.elements.size() != kFields) return false;
  if (reply.elements[0].kind != RedisReply::Kind::text) return false;
  if (record.kind == oauth::TokenKind::access) return true;
  if (reply.elements[1].kind != RedisReply::Kind::text) return false;
  const RefreshState state = RefreshState::of(reply.elements[1].text);
  record.expires_at = state.expires_at;
  record.is_rotated = state.is_rotated;
  return true;
}

} // namespace assay::stores
