// What is decided and written within one Redis at once: a script of steps, each of which touches
// keys of one hash tag.
//
//   KEYS = the keys of all steps, in their order
//   ARGV = now, then for each step its name and its arguments
//   reply: {"stored"}, or what the first step that refuses says: those after it are left out, what
//   those before it did stands
//
// Times are microseconds since 1970, lives are milliseconds. What is live is decided by `now` and
// never by the clock of Redis, which only clears away.
//
// The keys and what they hold
//   c:DIGEST               of a claim: when it ends
//   t:DIGEST               of a token: its record (redis_record.h); never changed
//   f:{FAMILY}             a hash: `layout`, which is there as long as the family is not revoked;
//                          and for the digest of each of its refresh tokens its end, after an `r`
//                          once it was rotated
//   m:copy                 while somebody copies into this store: from where (base/copy_mark.h)
//   a:{FAMILY}:DIGEST      of a rotated token: until when its answer can be repeated, the digest of
//                          its successor, the sealed answer
#pragma once

#include <string_view>

namespace assay::stores {

inline constexpr std::string_view kRedisScript = R"lua(
local now = tonumber(ARGV[1])
local keys_read, arguments_read = 0, 1

local function key()
  keys_read = keys_read + 1
  return KEYS[keys_read]
end

local function argument()
  arguments_read = arguments_read + 1
  return ARGV[arguments_read]
end

local function live_at_least(name, life)
  if redis.call('PTTL', name) < tonumber(life) then redis.call('PEXPIRE', name, life) end
end

local function state_of(family, digest)
  local state = redis.call('HGET', family, digest)
  if not state then return nil end
  local rotated, ends = string.match(state, '^(r?)(%d+)$')
  if tonumber(ends) <= now then return nil end
  return { rotated = rotated == 'r', ends = ends }
end

-- A family that is refreshed for years would keep each of its tokens. Those that ended stay as long
-- as keys do: a minute, for nodes whose clocks differ.
local function forget_ended(family)
  local some_time_ago = now - 60000000
  local sample = redis.call('HRANDFIELD', family, 4, 'WITHVALUES')
  for at = 1, #sample, 2 do
    local ends = string.match(sample[at + 1], '^r?(%d+)$')
    if sample[at] ~= 'layout' and tonumber(ends) <= some_time_ago then
      redis.call('HDEL', family, sample[at])
    end
  end
end

local function use_again(family, answer)
  local kept = redis.call('GET', answer)
  if kept then
    local last, successor, sealed = string.match(kept, '^(%d+) (%S+) (.*)$')
    local state = state_of(family, successor)
    if now < tonumber(last) and state and not state.rotated then return { 'repeated', sealed } end
  end
  redis.call('UNLINK', family)
  return { 'reused' }
end

local steps = {}

function steps.take()
  local claim, ends, life = key(), argument(), argument()
  local taken = redis.call('GET', claim)
  if taken and tonumber(taken) > now then return { 'used_before' } end
  redis.call('SET', claim, ends, 'PX', life)
end

function steps.put()
  local token, record, life = key(), argument(), argument()
  redis.call('SET', token, record, 'PX', life)
end

function steps.forget()
  redis.call('UNLINK', key())
end

function steps.prolong()
  live_at_least(key(), argument())
end

function steps.enroll()
  local family, refresh, ends, life = key(), argument(), argument(), argument()
  redis.call('HSET', family, 'layout', '1')
  if refresh ~= '' then redis.call('HSET', family, refresh, ends) end
  live_at_least(family, life)
end

function steps.withdraw()
  local family, refresh = key(), argument()
  redis.call('HDEL', family, refresh)
  if redis.call('HLEN', family) == 1 then redis.call('UNLINK', family) end
end

function steps.keep()
  local family, answer, refresh, life = key(), key(), argument(), argument()
  local state = state_of(family, refresh)
  if not state then return { 'unknown' } end
  if state.rotated then return use_again(family, answer) end
  live_at_least(family, life)
end

function steps.extend()
  local family, answer, refresh, life, ends = key(), key(), argument(), argument(), argument()
  local state = state_of(family, refresh)
  if not state then return { 'unknown' } end
  if state.rotated then return use_again(family, answer) end
  if tonumber(state.ends) < tonumber(ends) then redis.call('HSET', family, refresh, ends) end
  live_at_least(family, life)
end

function steps.rotate()
  local family, answer, refresh, life = key(), key(), argument(), argument()
  local successor, ends, kept, kept_life = argument(), argument(), argument(), argument()
  local state = state_of(family, refresh)
  if not state then return { 'unknown' } end
  if state.rotated then return use_again(family, answer) end
  redis.call('HSET', family, refresh, 'r' .. state.ends, successor, ends)
  redis.call('SET', answer, kept, 'PX', kept_life)
  forget_ended(family)
  live_at_least(family, life)
end

-- That a write goes through.
function steps.try()
  local probe = key()
  redis.call('SET', probe, '', 'PX', 1000)
  redis.call('UNLINK', probe)
end

while arguments_read < #ARGV do
  local refusal = steps[argument()]()
  if refusal then return refusal end
end
return { 'stored' }
)lua";

} // namespace assay::stores
